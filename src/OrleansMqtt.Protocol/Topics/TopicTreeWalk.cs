namespace OrleansMqtt.Protocol.Topics;

/// <summary>Walks all of a topic tree. Iterative, for trees of any depth.</summary>
internal static class TopicTreeWalk
{
    private static ReadOnlySpan<byte> MultiLevelEnd => "/#"u8;

    /// <summary>All filters with their entries; a filter's memory is good until the next one.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> Filter, object Entry)> EntriesBelow(TopicTreeNode root)
    {
        // What is written of the path stays right for a node's siblings: everything below the node is walked before them.
        var path = new byte[64];
        var waiting = new Stack<(TopicTreeNode Node, int ParentLength)>();
        if (root.MultiLevelEntry is { } all)
        {
            yield return ("#"u8.ToArray(), all);
        }

        PushChildren(waiting, root, -1);
        while (waiting.TryPop(out var next))
        {
            var (node, parentLength) = next;
            var length = Append(ref path, parentLength, node.Label);
            if (node.Entry is { } here)
            {
                yield return (path.AsMemory(0, length), here);
            }

            if (node.MultiLevelEntry is { } below)
            {
                MultiLevelEnd.CopyTo(path.AsSpan(length));
                yield return (path.AsMemory(0, length + MultiLevelEnd.Length), below);
            }

            PushChildren(waiting, node, length);
        }
    }

    public static int NodesBelow(TopicTreeNode root)
    {
        var count = 0;
        var waiting = new Stack<(TopicTreeNode Node, int ParentLength)>();
        PushChildren(waiting, root, -1);
        while (waiting.TryPop(out var next))
        {
            count++;
            PushChildren(waiting, next.Node, 0);
        }

        return count;
    }

    private static void PushChildren(Stack<(TopicTreeNode Node, int ParentLength)> waiting, TopicTreeNode node, int length)
    {
        if (node.Plus is { } plus)
        {
            waiting.Push((plus, length));
        }

        foreach (var child in node.LiteralChildren())
        {
            waiting.Push((child, length));
        }
    }

    /// <summary>Writes a label behind its parent's path, whose length is -1 at the root; leaves room for
    /// <see cref="MultiLevelEnd"/>.</summary>
    private static int Append(ref byte[] path, int parentLength, byte[] label)
    {
        var start = parentLength + 1;
        var length = start + label.Length;
        if (length + MultiLevelEnd.Length > path.Length)
        {
            Array.Resize(ref path, Math.Max(path.Length * 2, length + MultiLevelEnd.Length));
        }

        if (parentLength >= 0)
        {
            path[parentLength] = TopicSyntax.Separator;
        }

        label.CopyTo(path, start);
        return length;
    }
}
