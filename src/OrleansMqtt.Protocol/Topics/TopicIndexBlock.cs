namespace OrleansMqtt.Protocol.Topics;

/// <summary>A run of topics of a <see cref="TopicIndex{TValue}"/>, in order, never empty while it is part of the index.</summary>
internal sealed class TopicIndexBlock<TValue>
{
    /// <summary>How many topics a block holds at most; small enough that moving them costs less than finding them.</summary>
    public const int Capacity = 128;

    private byte[][] _topics = new byte[4][];
    private TValue[] _values = new TValue[4];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public byte[] TopicAt(int index) => _topics[index];

    public TValue ValueAt(int index) => _values[index];

    public void SetValueAt(int index, TValue value) => _values[index] = value;

    /// <summary>The index of a topic, or the complement of where it would stand.</summary>
    public int Search(ReadOnlySpan<byte> topic)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = TopicOrder.Compare(_topics[middle], topic);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    public void Insert(int index, byte[] topic, TValue value)
    {
        if (Count == _topics.Length)
        {
            Resize(Math.Min(Capacity, Count * 2));
        }

        Array.Copy(_topics, index, _topics, index + 1, Count - index);
        Array.Copy(_values, index, _values, index + 1, Count - index);
        _topics[index] = topic;
        _values[index] = value;
        Count++;
    }

    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_topics, index + 1, _topics, index, Count - index);
        Array.Copy(_values, index + 1, _values, index, Count - index);
        _topics[Count] = null!;
        _values[Count] = default!;
    }

    /// <summary>Moves everything from <paramref name="index"/> on into a new block.</summary>
    public TopicIndexBlock<TValue> SplitAt(int index)
    {
        var upper = new TopicIndexBlock<TValue>();
        upper.Append(this, index);
        Array.Clear(_topics, index, Count - index);
        Array.Clear(_values, index, Count - index);
        Count = index;
        return upper;
    }

    /// <summary>Takes over the topics of the block that follows, from an index on.</summary>
    public void Append(TopicIndexBlock<TValue> next, int from = 0)
    {
        var added = next.Count - from;
        if (Count + added > _topics.Length)
        {
            Resize(Math.Max(Count + added, Capacity * 3 / 4));
        }

        Array.Copy(next._topics, from, _topics, Count, added);
        Array.Copy(next._values, from, _values, Count, added);
        Count += added;
    }

    private void Resize(int size)
    {
        Array.Resize(ref _topics, size);
        Array.Resize(ref _values, size);
    }
}
