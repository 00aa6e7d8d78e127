using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>The document of a persistent session. Small on purpose: messages are in the log, not here.</summary>
[GenerateSerializer, Alias("OrleansMqtt.SessionState")]
internal sealed class SessionState
{
    /// <summary>The latest epoch given out.</summary>
    [Id(0)] public long Epoch { get; set; }

    /// <summary>Session Expiry Interval, seconds.</summary>
    [Id(1)] public uint Expiry { get; set; }

    /// <summary>When the connection ended, Unix milliseconds; 0 while connected.</summary>
    [Id(2)] public long DisconnectedAt { get; set; }

    /// <summary>Log positions before this one may have been sent to the client already; sent again they carry DUP.</summary>
    [Id(3)] public long SentBefore { get; set; }

    /// <summary>Subscriptions by filter.</summary>
    [Id(4)] public Dictionary<string, SessionSubscription> Subscriptions { get; set; } = [];

    /// <summary>The will of the connection, from its beginning until it is published or cancelled: it outlives everybody who could still remember it.</summary>
    [Id(5)] public StoredWill? Will { get; set; }

    /// <summary>Whether the session outlives its connection; false for a clean session that is here only for its will.</summary>
    [Id(6)] public bool IsPersistent { get; set; }

    /// <summary>The gateway of the latest connection.</summary>
    [Id(7)] public string Gateway { get; set; } = "";

    /// <summary>Activations of the grain that have had the latest connection after the one that it was made with; counted in clusters, where several may run at once.</summary>
    [Id(8)] public int Writers { get; set; }

    /// <summary>When the session ends if its client stays away, Unix milliseconds; null for never.</summary>
    public long? ExpiryTime() => Expiry == ConnectRequest.NeverExpires ? null : DisconnectedAt + Expiry * 1000L;

    /// <summary>When the will is to be published, Unix milliseconds: after its delay, and not later than the session ends [MQTT-3.1.3-9]; null without a will.</summary>
    public long? WillTime() => Will is { } will ? DisconnectedAt + Math.Min(will.Delay, Expiry) * 1000L : null;

    /// <summary>Whether the session has ended at <paramref name="now"/>, Unix milliseconds.</summary>
    public bool HasExpired(long now) =>
        DisconnectedAt != 0 && ExpiryTime() <= now;
}
