using System.Text.RegularExpressions;

namespace OrleansMqtt.Architecture.Tests;

/// <summary>What a source or build file must not hold.</summary>
internal static partial class SourceRules
{
    /// <summary>Most lines of a file in src/.</summary>
    public const int MaximumLines = 400;

    /// <summary>
    /// Where the choice of the actor runtime may decide something. The runtime's own tests lie below Abstractions and choose for themselves; the test cluster is made of the
    /// runtime's parts, and streams are a part of one of the two.
    /// </summary>
    private static readonly string[] RuntimeChoosers =
    [
        "Directory.Build.props", "src/OrleansMqtt.Abstractions/OrleansMqtt.Abstractions.csproj", "src/OrleansMqtt.Hosting/", "aspire/",
        "tests/OrleansMqtt.Actors.Tests/", "tests/OrleansMqtt.Actors.Network.Tests/", "src/OrleansMqtt.TestingHost/", "src/OrleansMqtt.Streams/",
    ];

    public static bool IsConditional(string line) => ConditionalCompilation().IsMatch(line);

    public static bool ChoosesRuntime(string file, string line) =>
        RuntimeCondition().IsMatch(line) && !RuntimeChoosers.Any(allowed => file == allowed || (allowed.EndsWith('/') && file.StartsWith(allowed, StringComparison.Ordinal)));

    [GeneratedRegex(@"^\s*#\s*(if|elif)\b")]
    private static partial Regex ConditionalCompilation();

    [GeneratedRegex(@"Condition\s*=.*\$\(ActorRuntime\)")]
    private static partial Regex RuntimeCondition();
}
