namespace OrleansMqtt.Actors.Mailboxes;

/// <content>Which call may start when.</content>
internal abstract partial class Mailbox
{
    private WorkList _waiting;
    private WorkList _unfinished;
    private int _exclusive;             // unfinished calls that do not interleave: one, or several read-only ones
    private int _waitingInterleavers;   // those that may overtake others in _waiting
    private int _waitingReaders;
    private bool _exclusiveIsReadOnly;
    private bool _watched;

    /// <summary>Whether every call interleaves with every other.</summary>
    protected abstract bool IsReentrant { get; }

    /// <summary>Whether no call is unfinished or waiting, and nothing else is to run.</summary>
    protected bool IsQuiet => _unfinished.IsEmpty && _waiting.IsEmpty && _turns.IsEmpty;

    /// <inheritdoc/>
    public bool TryPost(Call call)
    {
        bool dispatch;
        var watch = false;
        lock (this)
        {
            if (_state == MailboxState.Closed)
            {
                return false;
            }

            call.Interleaves = IsReentrant || call.AlwaysInterleaves;
            if (call.Forwards == 0)
            {
                call.PostedAt = Environment.Clock.Now;
            }

            if (call.KeepsAlive)
            {
                OnUsed();
            }

            _waiting.Add(call);
            Count(call, 1);
            if (!_watched && call.AwaitsReply)
            {
                watch = _watched = true;
            }

            dispatch = MayProceed && MarkDispatched();
        }

        if (watch)
        {
            Environment.Clock.Watch(this);
        }

        DispatchIf(dispatch);
        return true;
    }

    /// <summary>A call that <see cref="NextCall"/> returned has ended.</summary>
    public void Finished(Call call)
    {
        bool dispatch;
        lock (this)
        {
            _unfinished.Remove(call);
            if (!call.Interleaves)
            {
                _exclusive--;
            }

            dispatch = MayProceed && MarkDispatched();
        }

        DispatchIf(dispatch);
    }

    /// <summary>A call on the target failed; <paramref name="exception"/> is null if it was cancelled.</summary>
    public virtual void OnCallFailed(Call call, Exception? exception)
    {
    }

    /// <summary>Called under the lock whenever a call arrives that counts as use.</summary>
    protected virtual void OnUsed()
    {
    }

    /// <inheritdoc/>
    public bool FailOverdueCalls()
    {
        List<Call>? overdue = null;
        var more = false;
        lock (this)
        {
            for (var item = _waiting.First; item is not null;)
            {
                var call = (Call)item;
                item = _waiting.After(item);
                if (call.AwaitsReply && Environment.Clock.IsOverdue(call))
                {
                    _waiting.Remove(call);
                    Count(call, -1);
                    (overdue ??= []).Add(call);
                }
                else
                {
                    more |= call.AwaitsReply;
                }
            }

            for (var item = _unfinished.First; item is not null; item = _unfinished.After(item))
            {
                var call = (Call)item;
                if (call.AwaitsReply && Environment.Clock.IsOverdue(call))
                {
                    (overdue ??= []).Add(call);
                }
                else
                {
                    more |= call.AwaitsReply;
                }
            }

            _watched = more;
        }

        foreach (var call in overdue ?? [])
        {
            call.Fail(new TimeoutException($"No answer within {Environment.Clock.Timeout} to {call.Name} on {this}."));
        }

        return more;
    }

    /// <summary>Whether there is something for the mailbox to do. Under the lock.</summary>
    private bool MayProceed => !_turns.IsEmpty || _state switch
    {
        MailboxState.New => !_waiting.IsEmpty,
        MailboxState.Open => !_waiting.IsEmpty && (_exclusive == 0 || MayOvertake),
        MailboxState.Closing => _unfinished.IsEmpty,
        _ => false,
    };

    /// <summary>Whether calls wait that may start although an exclusive one is unfinished.</summary>
    private bool MayOvertake => _waitingInterleavers > 0 || (_exclusiveIsReadOnly && _waitingReaders > 0);

    /// <summary>The next call that may start now, or the next state that the mailbox shall enter. Under the lock.</summary>
    private Call? NextCall(out MailboxState transition)
    {
        transition = MailboxState.New;
        switch (_state)
        {
            case MailboxState.New when !_waiting.IsEmpty:
                transition = _state = MailboxState.Starting;
                return null;
            case MailboxState.Closing when _unfinished.IsEmpty:
                transition = _state = MailboxState.Stopping;
                return null;
            case MailboxState.Open:
                return TakeStartable();
            default:
                return null;
        }
    }

    private Call? TakeStartable()
    {
        if (_exclusive > 0 && !MayOvertake)
        {
            return null;
        }

        var call = (Call?)_waiting.First;
        while (call is not null && !MayStart(call))
        {
            call = (Call?)_waiting.After(call);
        }

        if (call is null)
        {
            return null;
        }

        _waiting.Remove(call);
        Count(call, -1);
        _unfinished.Add(call);
        if (!call.Interleaves && ++_exclusive == 1)
        {
            _exclusiveIsReadOnly = call.IsReadOnly;
        }

        return call;
    }

    private bool MayStart(Call call) => _exclusive == 0 || call.Interleaves || (_exclusiveIsReadOnly && call.IsReadOnly);

    private void Count(Call call, int change)
    {
        if (call.Interleaves)
        {
            _waitingInterleavers += change;
        }
        else if (call.IsReadOnly)
        {
            _waitingReaders += change;
        }
    }
}
