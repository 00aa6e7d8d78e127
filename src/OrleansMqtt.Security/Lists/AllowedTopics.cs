using OrleansMqtt.Security.Rules;

namespace OrleansMqtt.Security.Lists;

/// <summary>What one user may do, as lists of topic filters. An empty list allows nothing; without a list others decide.</summary>
public sealed record AllowedTopics
{
    /// <summary>The name under which the lists of clients without a user stand. A user of this name has none.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>What it may publish to; null: others decide.</summary>
    public IReadOnlyList<string>? Publish { get; init; }

    /// <summary>What it may subscribe to and receive; null: others decide.</summary>
    public IReadOnlyList<string>? Subscribe { get; init; }

    /// <summary>Whether a text can stand in a list: a valid topic filter of up to 200 levels that is none of a shared subscription, since those are asked about by the filter behind the group.</summary>
    public static bool IsFilter(string text) => RuleTree.IsFilter(text);
}
