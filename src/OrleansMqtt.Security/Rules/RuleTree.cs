using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Security.Rules;

/// <summary>
/// Rules by the levels of their filters: a decision looks at what its topic can meet, however many rules there are. Not to be changed any more when it decides.
/// </summary>
internal sealed class RuleTree
{
    /// <summary>Most levels of a filter: as many as mosquitto's. Bounds how deep a decision goes.</summary>
    public const int MaximumLevels = 200;

    private readonly RuleNode _root = new();

    /// <summary>No rules.</summary>
    public static RuleTree Empty { get; } = new();

    /// <summary>Whether a text is a filter that a rule can have. One of a shared subscription is none: what is asked about are the filters behind the groups.</summary>
    public static bool IsFilter(string text) => TopicFilter.IsValid(text) && !SharedFilter.IsShared(text) && text.AsSpan().Count('/') < MaximumLevels;

    /// <summary>Adds a rule.</summary>
    /// <param name="filter">Its topics, as <see cref="IsFilter"/> allows.</param>
    /// <param name="rule">What it says of them.</param>
    /// <param name="hasPlaces">Whether <c>%c</c> and <c>%u</c> are places.</param>
    public void Add(string filter, TopicRule rule, bool hasPlaces = false)
    {
        var (node, levels) = (_root, filter.Split('/'));
        foreach (var level in levels)
        {
            if (level == "#")
            {
                node.AddBelow(rule);
                return;
            }
            node = node.GetOrAdd(level, hasPlaces);
        }
        node.AddHere(rule);
    }

    /// <summary>What the rules say of what a client wants.</summary>
    public RuleFindings Find(in AuthorizationRequest request) => request.Action == TopicAction.Subscribe ? new FilterWalk(request).Over(_root) : new TopicWalk(request).Over(_root);
}
