using OrleansMqtt.Sessions;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Those keys of the `Limits` section that bound sessions.</summary>
internal static class SessionLimitSettings
{
    /// <summary>Reads them.</summary>
    public static SessionLimits Read(SettingsReader reader)
    {
        var fallback = new SessionLimits();
        return new SessionLimits
        {
            MaxQueuedMessages = Get(nameof(SessionLimits.MaxQueuedMessages)).Whole(1, int.MaxValue, fallback.MaxQueuedMessages),
            MaxQueuedBytes = Get(nameof(SessionLimits.MaxQueuedBytes)).Whole(1, long.MaxValue, fallback.MaxQueuedBytes),
            WhenFull = Get(nameof(SessionLimits.WhenFull)).Choice(fallback.WhenFull),
            MaxInflightMessages = Get(nameof(SessionLimits.MaxInflightMessages)).Whole(1, ushort.MaxValue, fallback.MaxInflightMessages),
            MaxInflightBytes = Get(nameof(SessionLimits.MaxInflightBytes)).Whole(1, long.MaxValue, fallback.MaxInflightBytes),
            MaxSessionExpirySeconds = Get(nameof(SessionLimits.MaxSessionExpirySeconds)).Whole(0u, uint.MaxValue, fallback.MaxSessionExpirySeconds),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
    }
}
