namespace OrleansMqtt.Security.Rules;

/// <summary>A level of the filters of a <see cref="RuleTree"/>, and what stands behind it.</summary>
internal sealed class RuleNode
{
    private Dictionary<string, RuleNode>? _named;

    /// <summary>Behind a level <c>+</c>.</summary>
    public RuleNode? Any { get; private set; }

    /// <summary>Behind levels of one name.</summary>
    public IEnumerable<KeyValuePair<string, RuleNode>> Named => _named ?? Enumerable.Empty<KeyValuePair<string, RuleNode>>();

    /// <summary>Behind levels whose name depends on the client.</summary>
    public (LevelTemplate Level, RuleNode Node)[] Templates { get; private set; } = [];

    /// <summary>Rules whose filter ends here.</summary>
    public TopicRule[] Here { get; private set; } = [];

    /// <summary>Rules whose filter goes on with a last <c>#</c>.</summary>
    public TopicRule[] Below { get; private set; } = [];

    /// <summary>What stands behind a level of this name; null for nothing.</summary>
    public RuleNode? Find(ReadOnlySpan<char> level) =>
        _named is not null && _named.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var node) ? node : null;

    /// <summary>What stands behind a level, made where there is nothing yet.</summary>
    public RuleNode GetOrAdd(string level, bool hasPlaces)
    {
        if (level == "+") return Any ??= new RuleNode();
        if (hasPlaces && LevelTemplate.HasPlace(level)) return GetOrAddTemplate(level);
        _named ??= new Dictionary<string, RuleNode>(StringComparer.Ordinal);
        return _named.TryGetValue(level, out var known) ? known : _named[level] = new RuleNode();
    }

    /// <summary>Adds a rule that ends here.</summary>
    public void AddHere(TopicRule rule) => Here = [.. Here, rule];

    /// <summary>Adds a rule that goes on with a last <c>#</c>.</summary>
    public void AddBelow(TopicRule rule) => Below = [.. Below, rule];

    /// <summary>Whether there is a denial of what a client wants from here on, the topics left aside.</summary>
    public bool Refuses(in AuthorizationRequest request)
    {
        foreach (var rule in (ReadOnlySpan<TopicRule>)[.. Here, .. Below])
            if (!rule.Allows && rule.IsAbout(request)) return true;
        foreach (var (_, node) in Named)
            if (node.Refuses(request)) return true;
        foreach (var (_, node) in Templates)
            if (node.Refuses(request)) return true;
        return Any is { } any && any.Refuses(request);
    }

    private RuleNode GetOrAddTemplate(string level)
    {
        if (Array.Find(Templates, template => template.Level.Text == level).Node is { } known) return known;
        var node = new RuleNode();
        Templates = [.. Templates, (new LevelTemplate(level), node)];
        return node;
    }
}
