using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>Walks the nodes of a topic tree on the way of filters that match a topic name. Iterative, for names of any depth.</summary>
/// <remarks>
/// It follows the level itself and puts the <c>+</c> beside it aside, so at most one node per level waits: in <see cref="Waiting"/> on
/// the caller's stack, in a pooled array beyond that.
/// </remarks>
internal ref struct TopicTreeMatch
{
    private readonly ReadOnlySpan<byte> _topic;
    private Span<Visit> _waiting;
    private int _waitingCount;
    private Visit[]? _rented;
    private TopicTreeNode? _node;
    private int _position;
    private bool _wildcardsApply;

    public TopicTreeMatch(ReadOnlySpan<byte> topic, TopicTreeNode root, Span<Visit> waiting)
    {
        _topic = topic;
        _waiting = waiting;
        _waiting[0] = new Visit(root, 0);
        _waitingCount = 1;
        Examined = 1;

        // Not for the first level of names such as $SYS/… [MQTT-4.7.2-1].
        _wildcardsApply = topic[0] != TopicSyntax.ReservedPrefix;
    }

    /// <summary>How many nodes were looked at, whether they turned out to match or not.</summary>
    public int Examined { get; private set; }

    /// <summary>The entry of the filter that ends at the node, if that is all of the topic.</summary>
    public readonly object? Entry => _position > _topic.Length ? _node!.Entry : null;

    /// <summary>The entry of the filter that ends with <c>#</c> below the node; it matches the topic that ends here as well (section
    /// 4.7.1.2).</summary>
    public readonly object? MultiLevelEntry => _wildcardsApply ? _node!.MultiLevelEntry : null;

    public bool MoveNext()
    {
        if (_node is { } node)
        {
            if (_position <= _topic.Length && FollowLevel(node))
            {
                return true;
            }

            // Once the root is behind, wildcards match any level.
            _wildcardsApply = true;
        }

        if (_waitingCount == 0)
        {
            return false;
        }

        (_node, _position) = _waiting[--_waitingCount];
        return true;
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<Visit>.Shared.Return(_rented, clearArray: true);
        }
    }

    private bool FollowLevel(TopicTreeNode node)
    {
        if (_wildcardsApply && node.Plus is { } plus && TryPass(plus, out var positionBelowPlus))
        {
            Wait(new Visit(plus, positionBelowPlus));
        }

        if (node.HasLiteralChildren && node.FindLiteralChild(TopicSyntax.LevelAt(_topic, _position)) is { } child &&
            TryPass(child, out var positionBelow))
        {
            _node = child;
            _position = positionBelow;
            _wildcardsApply = true;
            return true;
        }

        return false;
    }

    /// <summary>Compares a node's label with the levels at the current position, up to the position behind them.</summary>
    private bool TryPass(TopicTreeNode node, out int position)
    {
        Examined++;
        position = _position;
        ReadOnlySpan<byte> label = node.Label;
        while (true)
        {
            var rest = _topic[position..];
            var shared = label.CommonPrefixLength(rest);
            position += shared;
            if (shared < label.Length)
            {
                // Names hold no '+', so a wildcard level always ends the common prefix.
                if (label[shared] != TopicSyntax.SingleLevelWildcard)
                {
                    return false;
                }

                position += TopicSyntax.LevelAt(_topic, position).Length;
                label = label[(shared + 1)..];
                if (!label.IsEmpty)
                {
                    continue;
                }
            }

            var endsLevel = position == _topic.Length || _topic[position] == TopicSyntax.Separator;
            position++;
            return endsLevel;
        }
    }

    private void Wait(Visit visit)
    {
        if (_waitingCount == _waiting.Length)
        {
            var larger = ArrayPool<Visit>.Shared.Rent(_waiting.Length * 2);
            _waiting.CopyTo(larger);
            Dispose();
            _waiting = _rented = larger;
        }

        _waiting[_waitingCount++] = visit;
    }

    /// <summary>A node, and the position in the topic of the first level below it.</summary>
    internal readonly record struct Visit(TopicTreeNode Node, int Position);

    /// <summary>Room for the nodes of 16 levels.</summary>
    [InlineArray(16)]
    internal struct Waiting
    {
        private Visit _first;
    }
}
