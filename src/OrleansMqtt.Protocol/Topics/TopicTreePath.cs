namespace OrleansMqtt.Protocol.Topics;

/// <summary>A filter as the tree stores it: the levels before a last <c>#</c>, and whether there is such a level.</summary>
internal readonly ref struct TopicTreePath
{
    private TopicTreePath(ReadOnlySpan<byte> levels, int start, bool isMultiLevel)
    {
        Levels = levels;
        Start = start;
        IsMultiLevel = isMultiLevel;
    }

    public ReadOnlySpan<byte> Levels { get; }

    /// <summary>The position of the first level: 0, or beyond the end for the filter <c>#</c>, that has none.</summary>
    public int Start { get; }

    public bool IsMultiLevel { get; }

    public static TopicTreePath Of(ReadOnlySpan<byte> filter) => filter switch
    {
        [TopicSyntax.MultiLevelWildcard] => new(default, 1, true),
        [.., TopicSyntax.Separator, TopicSyntax.MultiLevelWildcard] => new(filter[..^2], 0, true),
        _ => new(filter, 0, false),
    };

    public object? EntryAt(TopicTreeNode node) => IsMultiLevel ? node.MultiLevelEntry : node.Entry;

    public void SetEntryAt(TopicTreeNode node, object? entry)
    {
        if (IsMultiLevel)
        {
            node.MultiLevelEntry = entry;
        }
        else
        {
            node.Entry = entry;
        }
    }

    /// <summary>How many bytes of whole levels, without the separator behind them, a label and the rest of a path share.</summary>
    public static int SharedLevels(ReadOnlySpan<byte> label, ReadOnlySpan<byte> rest)
    {
        var shared = label.CommonPrefixLength(rest);
        var endsLabel = shared == label.Length || label[shared] == TopicSyntax.Separator;
        var endsRest = shared == rest.Length || rest[shared] == TopicSyntax.Separator;
        return endsLabel && endsRest ? shared : label[..shared].LastIndexOf(TopicSyntax.Separator);
    }
}
