using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Those keys of the `Limits` section that bound what goes to and fro in a second.</summary>
internal static class RateLimitSettings
{
    private const int MostMessages = 1_000_000_000, MostSeconds = 3600;
    private const long MostBytes = 1_000_000_000_000;

    /// <summary>Reads them.</summary>
    public static RateLimits Read(SettingsReader reader)
    {
        var fallback = new RateLimits();
        return new RateLimits
        {
            MaxClientMessagesInPerSecond = Messages(nameof(RateLimits.MaxClientMessagesInPerSecond), fallback.MaxClientMessagesInPerSecond),
            MaxClientBytesInPerSecond = Bytes(nameof(RateLimits.MaxClientBytesInPerSecond), fallback.MaxClientBytesInPerSecond),
            MaxClientMessagesOutPerSecond = Messages(nameof(RateLimits.MaxClientMessagesOutPerSecond), fallback.MaxClientMessagesOutPerSecond),
            MaxClientBytesOutPerSecond = Bytes(nameof(RateLimits.MaxClientBytesOutPerSecond), fallback.MaxClientBytesOutPerSecond),
            MaxUserMessagesInPerSecond = Messages(nameof(RateLimits.MaxUserMessagesInPerSecond), fallback.MaxUserMessagesInPerSecond),
            MaxUserBytesInPerSecond = Bytes(nameof(RateLimits.MaxUserBytesInPerSecond), fallback.MaxUserBytesInPerSecond),
            MaxUserMessagesOutPerSecond = Messages(nameof(RateLimits.MaxUserMessagesOutPerSecond), fallback.MaxUserMessagesOutPerSecond),
            MaxUserBytesOutPerSecond = Bytes(nameof(RateLimits.MaxUserBytesOutPerSecond), fallback.MaxUserBytesOutPerSecond),
            RateBurstSeconds = Get(nameof(RateLimits.RateBurstSeconds)).Whole(1, MostSeconds, fallback.RateBurstSeconds),
            WhenOverRate = Get(nameof(RateLimits.WhenOverRate)).Choice(fallback.WhenOverRate),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
        int Messages(string name, int value) => Get(name).Whole(0, MostMessages, value);
        long Bytes(string name, long value) => Get(name).Whole(0, MostBytes, value);
    }
}
