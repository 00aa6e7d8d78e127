namespace OrleansMqtt.Hosting.Tests.Containers;

/// <summary>A service of a compose file.</summary>
internal sealed record ComposeService(string Name, IReadOnlyDictionary<object, object> Content)
{
    private const string Prefix = "OrleansMqtt__";

    /// <summary>Our settings among its variables, as arguments.</summary>
    public string[] Settings =>
    [
        .. ((Dictionary<object, object>)Content["environment"])
            .Where(static variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static variable => $"--{((string)variable.Key)[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal)}={variable.Value}"),
    ];

    public string? Text(string key) => Content.GetValueOrDefault(key) as string;

    /// <summary>What stands in a list, or what a mapping's keys are.</summary>
    public IReadOnlyList<string> Names(string key) => Content.GetValueOrDefault(key) switch
    {
        List<object> list => [.. list.Cast<string>()],
        Dictionary<object, object> map => [.. map.Keys.Cast<string>()],
        _ => [],
    };
}
