using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Those keys of the `Limits` section that bound what is retained.</summary>
internal static class RetainedLimitSettings
{
    /// <summary>Reads them.</summary>
    public static RetainedLimits Read(SettingsReader reader)
    {
        var fallback = new RetainedLimits();
        return new RetainedLimits
        {
            MaxRetainedMessages = Get(nameof(RetainedLimits.MaxRetainedMessages)).Whole(0, long.MaxValue, fallback.MaxRetainedMessages),
            MaxRetainedBytes = Get(nameof(RetainedLimits.MaxRetainedBytes)).Whole(0, long.MaxValue, fallback.MaxRetainedBytes),
            MaxRetainedMessageBytes = Get(nameof(RetainedLimits.MaxRetainedMessageBytes)).Whole(0, int.MaxValue, fallback.MaxRetainedMessageBytes),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
    }
}
