using System.Diagnostics.CodeAnalysis;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Security.Hooks;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>A section that names a server to ask.</summary>
internal static class HookSettings
{
    private const int MostMilliseconds = 60_000, MostCacheSeconds = 86_400, MostConcurrent = 10_000, MostBreakSeconds = 3_600;

    private enum Failing
    {
        Deny,
        Ignore,
    }

    /// <summary>Reads it; null where no server is named, and nothing else.</summary>
    public static HttpHookOptions? Read(SettingsReader reader, string section)
    {
        var url = reader.Get($"{section}:Url");
        // The text of a wrong one may have a password in it.
        if (url.Text is { Length: > 0 } text && !TryParseUrl(text, out _)) reader.Report($"{url.Key} is not an absolute URL of http or https without user name, password and fragment; allowed is one as in https://auth.example/mqtt.");
        var fallback = new HttpHookOptions(url.Text is not null && TryParseUrl(url.Text, out var parsed) ? parsed : new Uri("http://localhost"));
        var options = fallback with
        {
            Timeout = TimeSpan.FromMilliseconds(Get("TimeoutMilliseconds").Whole(10, MostMilliseconds, (int)fallback.Timeout.TotalMilliseconds)),
            Cache = TimeSpan.FromSeconds(Get("CacheSeconds").Whole(0, MostCacheSeconds, (int)fallback.Cache.TotalSeconds)),
            MaxConcurrent = Get("MaxConcurrent").Whole(1, MostConcurrent, fallback.MaxConcurrent),
            Break = TimeSpan.FromSeconds(Get("BreakSeconds").Whole(1, MostBreakSeconds, (int)fallback.Break.TotalSeconds)),
            IgnoreFailures = Get("WhenFailing").Choice(Failing.Deny) == Failing.Ignore,
        };
        if (!string.IsNullOrEmpty(url.Text)) return options;
        if (reader.NamesUnder(section).FirstOrDefault(static name => !name.Equals("Url", StringComparison.OrdinalIgnoreCase)) is { } lone)
            reader.Report($"{section}:{lone} is set, but no server to ask; allowed is with {url.Key} beside it.");
        return null;

        Setting Get(string key) => reader.Get($"{section}:{key}");
    }

    private static bool TryParseUrl(string text, [MaybeNullWhen(false)] out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Fragment: "" };
}
