using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>A map from topic filters to entries that finds the entries of all filters that match a topic name.</summary>
/// <remarks>
/// <para>
/// A trie of levels whose single-child chains are folded into one node, so n filters take fewer than 2n nodes of any depth. A match
/// looks at no more nodes than that, and in the common case at a few per level, however many filters do not match; it allocates nothing
/// for topics of up to 16 levels that meet a <c>+</c>. <c>$share/</c> means nothing here: of a shared subscription, the filter behind the
/// group goes in.
/// </para>
/// <para>Not thread-safe: its owner locks. <see cref="Find"/> and <see cref="Match"/> change nothing, so they may run side by side.</para>
/// </remarks>
/// <typeparam name="TEntry">What a filter leads to, such as its set of subscribers.</typeparam>
public sealed class TopicTree<TEntry>
    where TEntry : class
{
    private readonly TopicTreeNode _root = new([]);

    /// <summary>The number of filters.</summary>
    public int Count { get; private set; }

    /// <summary>The entry of a filter, or null.</summary>
    public TEntry? Find(ReadOnlySpan<byte> filter)
    {
        var path = TopicTreePath.Of(filter);
        return !filter.IsEmpty && FindNode(path, out _, out _) is { } node ? AsEntry(path.EntryAt(node)) : null;
    }

    /// <summary>The entry of a filter, made by <paramref name="create"/> if there is none.</summary>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public TEntry GetOrAdd(ReadOnlySpan<byte> filter, Func<TEntry> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        RequireValid(filter);
        var path = TopicTreePath.Of(filter);
        if (FindNode(path, out _, out _) is { } found && path.EntryAt(found) is { } present)
        {
            return AsEntry(present)!;
        }

        // First the entry, then the nodes: should create throw, the tree is as it was.
        var entry = create() ?? throw new InvalidOperationException("The entry of a filter cannot be null.");
        path.SetEntryAt(AddNode(path), entry);
        Count++;
        return entry;
    }

    /// <summary>Sets, replaces or removes the entry of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="state">Passed to <paramref name="change"/>.</param>
    /// <param name="change">Gets the entry that is there, or null, and returns the one that shall be there, or null for none.</param>
    /// <returns>The entry that is there now, or null.</returns>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    public TEntry? Update<TState>(ReadOnlySpan<byte> filter, TState state, Func<TEntry?, TState, TEntry?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        RequireValid(filter);
        var path = TopicTreePath.Of(filter);
        var node = FindNode(path, out _, out _);
        var before = node is null ? null : AsEntry(path.EntryAt(node));
        var after = change(before, state);
        if (after is null)
        {
            Remove(filter);
        }
        else if (!ReferenceEquals(before, after))
        {
            path.SetEntryAt(node ?? AddNode(path), after);
            Count += before is null ? 1 : 0;
        }

        return after;
    }

    /// <summary>Removes a filter, and the nodes that no other filter needs; false if there was none.</summary>
    public bool Remove(ReadOnlySpan<byte> filter)
    {
        var path = TopicTreePath.Of(filter);
        if (filter.IsEmpty || FindNode(path, out var parent, out var grandparent) is not { } node || path.EntryAt(node) is null)
        {
            return false;
        }

        path.SetEntryAt(node, null);
        Count--;
        if (!node.IsVacant || parent is null)
        {
            return true;
        }

        if (node.ChildCount == 1)
        {
            parent.Bypass(node);
        }
        else if (node.ChildCount == 0)
        {
            parent.Detach(node);
            if (grandparent is not null && parent.IsVacant && parent.ChildCount == 1)
            {
                grandparent.Bypass(parent);
            }
        }

        return true;
    }

    /// <summary>
    /// Adds the entries of all filters that match a topic name to <paramref name="results"/>, each once, in no particular order.
    /// A filter whose first level is a wildcard does not match a name that begins with <c>$</c> [MQTT-4.7.2-1].
    /// </summary>
    public void Match(ReadOnlySpan<byte> topic, List<TEntry> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        MatchAndCount(topic, results);
    }

    /// <summary>All filters with their entries, in no particular order. The tree must not change meanwhile.</summary>
    public IEnumerable<KeyValuePair<string, TEntry>> Entries
    {
        get
        {
            foreach (var (filter, entry) in TopicTreeWalk.EntriesBelow(_root))
            {
                yield return new(Encoding.UTF8.GetString(filter.Span), AsEntry(entry)!);
            }
        }
    }

    /// <summary>The number of nodes, without the root.</summary>
    internal int CountNodes() => TopicTreeWalk.NodesBelow(_root);

    /// <summary><see cref="Match"/>; returns how many nodes it looked at, with the root.</summary>
    internal int MatchAndCount(ReadOnlySpan<byte> topic, List<TEntry> results)
    {
        if (topic.IsEmpty)
        {
            return 0;
        }

        var room = default(TopicTreeMatch.Waiting);
        var match = new TopicTreeMatch(topic, _root, room);
        try
        {
            while (match.MoveNext())
            {
                if (match.MultiLevelEntry is { } below)
                {
                    results.Add(AsEntry(below)!);
                }

                if (match.Entry is { } here)
                {
                    results.Add(AsEntry(here)!);
                }
            }

            return match.Examined;
        }
        finally
        {
            match.Dispose();
        }
    }

    private static void RequireValid(ReadOnlySpan<byte> filter)
    {
        if (!TopicFilter.IsValidUnshared(filter))
        {
            throw new ArgumentException("Not a valid topic filter.", nameof(filter));
        }
    }

    private TopicTreeNode? FindNode(TopicTreePath path, out TopicTreeNode? parent, out TopicTreeNode? grandparent)
    {
        parent = grandparent = null;
        var node = _root;
        for (var position = path.Start; position <= path.Levels.Length;)
        {
            var rest = path.Levels[position..];
            if (node.FindChild(TopicSyntax.LevelAt(rest, 0)) is not { } child ||
                TopicTreePath.SharedLevels(child.Label, rest) != child.Label.Length)
            {
                return null;
            }

            (grandparent, parent, node) = (parent, node, child);
            position += child.Label.Length + 1;
        }

        return node;
    }

    private TopicTreeNode AddNode(TopicTreePath path)
    {
        var node = _root;
        for (var position = path.Start; position <= path.Levels.Length;)
        {
            var rest = path.Levels[position..];
            if (node.FindChild(TopicSyntax.LevelAt(rest, 0)) is not { } child)
            {
                child = new TopicTreeNode(rest.ToArray());
                node.Attach(child);
                return child;
            }

            var shared = TopicTreePath.SharedLevels(child.Label, rest);
            node = shared == child.Label.Length ? child : node.Split(child, shared);
            position += shared + 1;
        }

        return node;
    }

    // Only entries ever get in; a checked cast costs more than the rest of a visit.
    [return: NotNullIfNotNull(nameof(entry))]
    private static TEntry? AsEntry(object? entry) => Unsafe.As<TEntry>(entry);
}
