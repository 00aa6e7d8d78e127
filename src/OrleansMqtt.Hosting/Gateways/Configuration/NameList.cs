using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Names with commas between them.</summary>
internal static class NameList
{
    /// <summary>The names.</summary>
    public static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>An order of everything that is configured: nobody is left out by an oversight. Null where none is set.</summary>
    public static IReadOnlyList<string>? ReadOrder(Setting setting, IReadOnlyList<string> configured)
    {
        return setting.Parse<IReadOnlyList<string>?>(TryParse, configured.Count == 0 ? "to leave it out, for nothing is configured that could be asked" : $"{string.Join(",", configured)} in any order", null);

        bool TryParse(string text, out IReadOnlyList<string>? names)
        {
            names = Split(text) is { Length: > 0 } some ? some : null;
            return names is null || (names.Count == configured.Count && names.ToHashSet().SetEquals(configured));
        }
    }
}
