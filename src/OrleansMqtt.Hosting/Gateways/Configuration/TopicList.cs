using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Lists in the configuration: of a file an array, elsewhere a key for each member, numbered from 0.</summary>
internal static class TopicList
{
    /// <summary>Reads topic filters; null where there is no list.</summary>
    public static IReadOnlyList<string>? ReadFilters(SettingsReader reader, string key) =>
        Read(reader, key, "a topic filter of up to 200 levels, of a shared subscription the one behind its group", AllowedTopics.IsFilter);

    /// <summary>Reads a list; null where there is none.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="key">Of the list.</param>
    /// <param name="allowed">What a member may be, in words.</param>
    /// <param name="isAllowed">Whether it is.</param>
    public static IReadOnlyList<string>? Read(SettingsReader reader, string key, string allowed, Predicate<string> isAllowed)
    {
        var (whole, names) = (reader.Get(key), reader.NamesUnder(key));
        // What an empty array of a file is read as.
        if (names.Count == 0) return whole.Parse<IReadOnlyList<string>?>(static (string text, out IReadOnlyList<string>? list) => (list = text.Length == 0 ? [] : null) is not null,
            $"a list, the first member as {key}:0, or nothing for an empty one", null);
        return [.. names.Select(name => reader.Get($"{key}:{name}").Parse((string text, out string? member) => isAllowed(member = text), allowed, "")).OfType<string>()];
    }
}
