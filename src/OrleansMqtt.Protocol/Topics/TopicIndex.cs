namespace OrleansMqtt.Protocol.Topics;

/// <summary>A map from topic names to values whose topics are looked up by filter, page by page. Meant for retained messages.</summary>
/// <remarks>
/// All topics in one order, level by level, cut into sorted blocks. A scan jumps from one candidate to the next by binary search, so it
/// does not pass through what a filter cannot match. A topic takes its bytes and about six words, however many levels it has.
/// Not thread-safe: its owner locks.
/// </remarks>
/// <typeparam name="TValue">What a topic leads to.</typeparam>
public sealed class TopicIndex<TValue>
    where TValue : class
{
    private readonly List<TopicIndexBlock<TValue>> _blocks = [];

    /// <summary>The number of topics.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a topic, or null.</summary>
    public TValue? Find(ReadOnlySpan<byte> topic) =>
        Locate(topic, out var block, out var index) ? _blocks[block].ValueAt(index) : null;

    /// <summary>Sets the value of a topic.</summary>
    /// <returns>Its value before, or null.</returns>
    /// <exception cref="ArgumentException">The topic name is not valid.</exception>
    public TValue? Set(ReadOnlySpan<byte> topic, TValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!TopicName.IsValid(topic))
        {
            throw new ArgumentException("Not a valid topic name.", nameof(topic));
        }

        if (Locate(topic, out var block, out var index))
        {
            var old = _blocks[block].ValueAt(index);
            _blocks[block].SetValueAt(index, value);
            return old;
        }

        Insert(block, index, topic.ToArray(), value);
        Count++;
        return null;
    }

    /// <summary>Removes a topic.</summary>
    /// <returns>Its value before, or null if there was none.</returns>
    public TValue? Remove(ReadOnlySpan<byte> topic)
    {
        if (!Locate(topic, out var block, out var index))
        {
            return null;
        }

        var old = _blocks[block].ValueAt(index);
        _blocks[block].RemoveAt(index);
        Count--;
        CloseGap(block);
        return old;
    }

    /// <summary>Adds the values of the next topics that a filter matches, in the order of their levels' bytes, to
    /// <paramref name="results"/>.</summary>
    /// <param name="filter">A valid filter; of a shared subscription, the one behind the group.</param>
    /// <param name="after">Where to go on: what the page before gave as <paramref name="last"/>; empty for the first page.</param>
    /// <param name="maximum">How many values a page may add, at least 1.</param>
    /// <param name="results">Where the values go.</param>
    /// <param name="last">Where this page ended: the name of a topic, matching or not. Null when the page met no topic at all.</param>
    /// <returns>
    /// Whether there may be more; then <paramref name="last"/> is not null. A page examines a bounded number of topics, so it may add
    /// fewer than <paramref name="maximum"/> values, even none, although more follow.
    /// </returns>
    /// <remarks>Topics may come and go between two pages: each that stood all the time is seen exactly once.</remarks>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public bool Scan(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> after, int maximum, List<TValue> results, out byte[]? last) =>
        ScanAndCount(filter, after, maximum, results, out last, out _);

    /// <summary><see cref="Scan"/>; tells how many topics it examined.</summary>
    internal bool ScanAndCount(
        ReadOnlySpan<byte> filter, ReadOnlySpan<byte> after, int maximum, List<TValue> results, out byte[]? last, out int examined)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum);
        if (!TopicFilter.IsValidUnshared(filter))
        {
            throw new ArgumentException("Not a valid topic filter.", nameof(filter));
        }

        last = null;
        examined = 0;
        var found = 0;
        var limit = ExaminedPerPage(maximum);
        byte[]? topic = null;
        var seek = new TopicSeek(filter);
        try
        {
            var isThere = Locate(after, out var block, out var index);
            index += isThere ? 1 : 0;
            while (TryStandAt(ref block, ref index))
            {
                if (found == maximum || examined == limit)
                {
                    last = [.. topic!];
                    return true;
                }

                topic = _blocks[block].TopicAt(index);
                examined++;
                switch (seek.Examine(topic))
                {
                    case TopicSeekStep.Match:
                        results.Add(_blocks[block].ValueAt(index));
                        found++;
                        index++;
                        break;
                    case TopicSeekStep.Seek:
                        Forward(seek.Target, ref block, ref index);
                        break;
                    default:
                        last = [.. topic];
                        return false;
                }
            }

            last = topic is null ? null : [.. topic];
            return false;
        }
        finally
        {
            seek.Dispose();
        }
    }

    /// <summary>How many topics a page examines at most. Each costs a binary search, so this bounds a page to about a
    /// millisecond.</summary>
    internal static int ExaminedPerPage(int maximum) => (int)Math.Min(int.MaxValue, (2L * maximum) + 1024);

    /// <summary>Moves on to the first topic at or behind a target that lies behind the current one.</summary>
    private void Forward(ReadOnlySpan<byte> target, ref int block, ref int index)
    {
        // Often it is the very next one.
        index++;
        if (TryStandAt(ref block, ref index) && TopicOrder.Compare(_blocks[block].TopicAt(index), target) < 0)
        {
            Locate(target, out block, out index);
        }
    }

    /// <summary>Whether a place holds a topic; one behind the end of a block becomes the start of the next.</summary>
    private bool TryStandAt(ref int block, ref int index)
    {
        if (block < _blocks.Count && index >= _blocks[block].Count)
        {
            block++;
            index = 0;
        }

        return block < _blocks.Count;
    }

    /// <summary>Finds a topic, or the place where it would stand: within the last block that begins before it.</summary>
    private bool Locate(ReadOnlySpan<byte> topic, out int block, out int index)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            (low, high) = TopicOrder.Compare(_blocks[middle].TopicAt(0), topic) <= 0 ? (middle + 1, high) : (low, middle - 1);
        }

        block = Math.Max(0, high);
        index = 0;
        if (_blocks.Count == 0)
        {
            return false;
        }

        var place = _blocks[block].Search(topic);
        index = place < 0 ? ~place : place;
        return place >= 0;
    }

    private void Insert(int block, int index, byte[] topic, TValue value)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add(new TopicIndexBlock<TValue>());
        }

        var target = _blocks[block];
        if (target.IsFull)
        {
            // Topics that arrive in order leave full blocks behind, not half empty ones.
            var isAtEnd = block == _blocks.Count - 1 && index == target.Count;
            var upper = target.SplitAt(isAtEnd ? index : target.Count / 2);
            _blocks.Insert(block + 1, upper);
            if (index >= target.Count)
            {
                index -= target.Count;
                target = upper;
            }
        }

        target.Insert(index, topic, value);
    }

    /// <summary>Keeps blocks from staying empty or nearly so after a removal.</summary>
    private void CloseGap(int block)
    {
        if (_blocks[block].Count == 0)
        {
            _blocks.RemoveAt(block);
        }
        else if (block + 1 < _blocks.Count && _blocks[block].Count + _blocks[block + 1].Count <= TopicIndexBlock<TValue>.Capacity / 2)
        {
            _blocks[block].Append(_blocks[block + 1]);
            _blocks.RemoveAt(block + 1);
        }
    }
}
