using OrleansMqtt.Handlers;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Those keys of the `Limits` section that bound what waits for topic handlers.</summary>
internal static class HandlerLimitSettings
{
    /// <summary>Reads them.</summary>
    public static HandlerLimits Read(SettingsReader reader)
    {
        var fallback = new HandlerLimits();
        return new HandlerLimits
        {
            MaxHandlerQueuedMessages = Get(nameof(HandlerLimits.MaxHandlerQueuedMessages)).Whole(1, int.MaxValue, fallback.MaxHandlerQueuedMessages),
            MaxHandlerQueuedBytes = Get(nameof(HandlerLimits.MaxHandlerQueuedBytes)).Whole(1, long.MaxValue, fallback.MaxHandlerQueuedBytes),
        };

        Setting Get(string name) => reader.Get($"Limits:{name}");
    }
}
