using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>What of the `Authentication` section says how authenticators are asked, and what follows.</summary>
internal static class AuthenticationSettings
{
    private const string Section = "Authentication";
    private const int LongestDelay = 60_000, MostFailures = 1_000_000, SecondsOfADay = 86_400, SecondsOfAYear = 365 * SecondsOfADay;

    /// <summary>The key that lets anonymous clients in.</summary>
    public const string AllowAnonymousKey = $"{Section}:AllowAnonymous";

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="authenticators">The names of those that are configured.</param>
    public static AuthenticationOptions Read(SettingsReader reader, IReadOnlyList<string> authenticators)
    {
        var fallback = new AuthenticationOptions();
        return new AuthenticationOptions
        {
            AllowAnonymous = reader.Get(AllowAnonymousKey).Parse<bool?>(TryParseFlag, "true or false", fallback.AllowAnonymous),
            Order = NameList.ReadOrder(reader.Get($"{Section}:Order"), authenticators),
            FailureDelay = TimeSpan.FromMilliseconds(reader.Get($"{Section}:FailureDelayMilliseconds").Whole(0, LongestDelay, (int)fallback.FailureDelay.TotalMilliseconds)),
            Ban = new BanOptions
            {
                Failures = reader.Get($"{Section}:Ban:Failures").Whole(0, MostFailures, fallback.Ban.Failures),
                Within = TimeSpan.FromSeconds(reader.Get($"{Section}:Ban:WithinSeconds").Whole(1, SecondsOfADay, (int)fallback.Ban.Within.TotalSeconds)),
                For = TimeSpan.FromSeconds(reader.Get($"{Section}:Ban:Seconds").Whole(1, SecondsOfAYear, (int)fallback.Ban.For.TotalSeconds)),
            },
        };
    }

    private static bool TryParseFlag(string text, out bool? flag)
    {
        var isFlag = bool.TryParse(text, out var value);
        flag = value;
        return isFlag;
    }
}
