namespace OrleansMqtt.Protocol.Topics;

/// <summary>One node of a <see cref="TopicTree{TEntry}"/>: where a filter ends, or where filters part.</summary>
/// <remarks>
/// The label holds all levels between the parent and this node, so a filter costs one node (and at most one more where it parts from
/// others), however many levels it has. Not generic on purpose: shared generic code would pay a lookup for each type test.
/// </remarks>
internal sealed class TopicTreeNode
{
    private const int LongestList = 4;

    private TopicTreeNode? _next;
    private object? _children; // Nothing, the first of a list of up to LongestList siblings, or an array of such lists: a hash table.
    private int _childCount;
    private int _hash;

    /// <summary>A node below a parent; <paramref name="label"/> holds one or more levels.</summary>
    public TopicTreeNode(byte[] label)
    {
        Label = label;
        _hash = HashFirstLevel(label);
    }

    /// <summary>Levels joined by '/'. The root's is never looked at.</summary>
    public byte[] Label { get; private set; }

    /// <summary>The entry of the filter that ends here.</summary>
    public object? Entry { get; set; }

    /// <summary>The entry of the filter that ends here but for a last level <c>#</c>.</summary>
    public object? MultiLevelEntry { get; set; }

    /// <summary>The child whose first level is <c>+</c>; kept apart from the others as each match has to look at it.</summary>
    public TopicTreeNode? Plus { get; private set; }

    public bool IsVacant => Entry is null && MultiLevelEntry is null;

    public int ChildCount => _childCount + (Plus is null ? 0 : 1);

    public bool HasLiteralChildren => _childCount > 0;

    /// <summary>The child that begins with a level, which may be <c>+</c>.</summary>
    public TopicTreeNode? FindChild(ReadOnlySpan<byte> level) =>
        TopicSyntax.IsWildcard(level, TopicSyntax.SingleLevelWildcard) ? Plus : FindLiteralChild(level);

    /// <summary>The child that begins with a level, other than <c>+</c>.</summary>
    public TopicTreeNode? FindLiteralChild(ReadOnlySpan<byte> level)
    {
        var hash = LevelHash.Compute(level);
        for (var child = FirstInBucket(hash); child is not null; child = child._next)
        {
            if (child._hash == hash && child.BeginsWith(level))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>Adds a child whose first level no other child has.</summary>
    public void Attach(TopicTreeNode child)
    {
        if (child.IsPlus)
        {
            Plus = child;
            return;
        }

        _childCount++;
        if (_childCount > (_children is TopicTreeNode[] buckets ? buckets.Length : LongestList))
        {
            Rehash(BucketsFor(_childCount));
        }

        Link(child);
    }

    public void Detach(TopicTreeNode child)
    {
        if (child.IsPlus)
        {
            Plus = null;
            return;
        }

        Unlink(child);
        _childCount--;

        // A quarter, not a half: so that adding and removing around a limit does not rehash each time.
        if (_children is TopicTreeNode[] buckets && _childCount <= buckets.Length / 4)
        {
            Rehash(BucketsFor(_childCount));
        }
    }

    /// <summary>
    /// Puts a new node between this one and a child: the node takes the child's place with the first <paramref name="length"/> bytes of
    /// its label, the child keeps what comes after the separator.
    /// </summary>
    public TopicTreeNode Split(TopicTreeNode child, int length)
    {
        var upper = new TopicTreeNode(child.Label[..length]);
        Detach(child);
        child.Label = child.Label[(length + 1)..];
        child._hash = HashFirstLevel(child.Label);
        upper.Attach(child);
        Attach(upper);
        return upper;
    }

    /// <summary>Takes out a vacant child that has one child only, which takes its place with both labels joined.</summary>
    public void Bypass(TopicTreeNode child)
    {
        var lower = child.Plus ?? child.LiteralChildren().Single();
        Detach(child);
        lower._next = null;
        lower.Label = [.. child.Label, TopicSyntax.Separator, .. lower.Label];
        lower._hash = child._hash;
        Attach(lower);
    }

    public IEnumerable<TopicTreeNode> LiteralChildren()
    {
        var buckets = _children as TopicTreeNode?[] ?? [_children as TopicTreeNode];
        foreach (var bucket in buckets)
        {
            for (var child = bucket; child is not null; child = child._next)
            {
                yield return child;
            }
        }
    }

    private bool IsPlus => TopicSyntax.IsWildcard(TopicSyntax.LevelAt(Label, 0), TopicSyntax.SingleLevelWildcard);

    private bool BeginsWith(ReadOnlySpan<byte> level)
    {
        ReadOnlySpan<byte> label = Label;
        return label.StartsWith(level) && (label.Length == level.Length || label[level.Length] == TopicSyntax.Separator);
    }

    private TopicTreeNode? FirstInBucket(int hash) =>
        _children is TopicTreeNode?[] buckets ? buckets[hash & (buckets.Length - 1)] : (TopicTreeNode?)_children;

    private void Link(TopicTreeNode child)
    {
        child._next = FirstInBucket(child._hash);
        SetBucket(child._hash, child);
    }

    private void Unlink(TopicTreeNode child)
    {
        TopicTreeNode? before = null;
        for (var at = FirstInBucket(child._hash); at != child; at = at!._next)
        {
            before = at;
        }

        if (before is null)
        {
            SetBucket(child._hash, child._next);
        }
        else
        {
            before._next = child._next;
        }

        child._next = null;
    }

    private void SetBucket(int hash, TopicTreeNode? first)
    {
        if (_children is TopicTreeNode?[] buckets)
        {
            buckets[hash & (buckets.Length - 1)] = first;
        }
        else
        {
            _children = first;
        }
    }

    private void Rehash(int bucketCount)
    {
        var old = _children as TopicTreeNode?[] ?? [_children as TopicTreeNode];
        _children = bucketCount == 0 ? null : new TopicTreeNode?[bucketCount];
        foreach (var bucket in old)
        {
            for (var child = bucket; child is not null;)
            {
                var next = child._next;
                Link(child);
                child = next;
            }
        }
    }

    private static int BucketsFor(int count) =>
        count <= LongestList ? 0 : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count);

    private static int HashFirstLevel(byte[] label) => LevelHash.Compute(TopicSyntax.LevelAt(label, 0));
}
