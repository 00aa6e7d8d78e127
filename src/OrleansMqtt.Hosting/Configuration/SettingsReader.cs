using Microsoft.Extensions.Configuration;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>
/// Reads settings by key and keeps the first problem met. A key that was asked for is a known one; the others are unknown, so what is
/// read and what is allowed cannot drift apart.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first problem, as a sentence; null while there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>Notes a problem.</summary>
    public void Report(string problem) => Problem ??= problem;

    /// <summary>What stands under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inheritedFrom">The key that holds where <paramref name="key"/> is not set.</param>
    public Setting Get(string key, string? inheritedFrom = null)
    {
        _known.Add(key);
        if (inheritedFrom is null || configuration[key] is not null) return new Setting(this, key, configuration[key]);
        _known.Add(inheritedFrom);
        return configuration[inheritedFrom] is { } inherited ? new Setting(this, inheritedFrom, inherited) : new Setting(this, key, null);
    }

    /// <summary>Names that stand directly under a section, in alphabetical order.</summary>
    public IReadOnlyList<string> NamesUnder(string section) => [.. configuration.GetSection(section).GetChildren().Select(static child => child.Key)];

    /// <summary>Reports the first key that nobody has asked for. Call it when all settings have been read.</summary>
    /// <param name="exceptSections">Sections that others read and check.</param>
    public void RefuseUnknown(params IReadOnlyList<string> exceptSections)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (_known.Contains(key) || exceptSections.Any(section => IsUnder(section, key)) || (string.IsNullOrEmpty(value) && IsSection(key))) continue;
            Report($"{key} is not a known key; the nearest one is {NearestKey.To(key, _known)}.");
        }
    }

    // A section without a value of its own is no key, if something known is under it or something else that will be reported.
    private bool IsSection(string key) => configuration.GetSection(key).GetChildren().Any() || _known.Any(known => IsUnder(key, known));

    private static bool IsUnder(string section, string key) =>
        key.Equals(section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase);
}
