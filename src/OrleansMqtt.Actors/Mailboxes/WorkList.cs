namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>A circular doubly linked list of work items, one reference in size. Not synchronized: the mailbox's lock guards it.</summary>
internal struct WorkList
{
    private WorkItem? _last;

    public readonly bool IsEmpty => _last is null;

    public readonly WorkItem? First => _last?.Next;

    /// <summary>The item after <paramref name="item"/>, or null after the last one.</summary>
    public readonly WorkItem? After(WorkItem item) => ReferenceEquals(item, _last) ? null : item.Next;

    public void Add(WorkItem item)
    {
        if (_last is null)
        {
            item.Next = item.Previous = item;
        }
        else
        {
            item.Next = _last.Next;
            item.Previous = _last;
            item.Next!.Previous = item;
            _last.Next = item;
        }

        _last = item;
    }

    public void Remove(WorkItem item)
    {
        if (ReferenceEquals(item.Next, item))
        {
            _last = null;
        }
        else
        {
            item.Previous!.Next = item.Next;
            item.Next!.Previous = item.Previous;
            if (ReferenceEquals(_last, item))
            {
                _last = item.Previous;
            }
        }

        item.Next = item.Previous = null;
    }

    public WorkItem? TakeFirst()
    {
        var first = First;
        if (first is not null)
        {
            Remove(first);
        }

        return first;
    }

    /// <summary>Empties the list and returns what was in it, in order.</summary>
    public List<Call> TakeAllCalls()
    {
        var all = new List<Call>();
        while (TakeFirst() is { } item)
        {
            all.Add((Call)item);
        }

        return all;
    }
}
