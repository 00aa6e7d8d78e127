namespace OrleansMqtt.Deadlines;

/// <summary>What becomes due.</summary>
public enum DeadlineKind : byte
{
    /// <summary>A will is to be published.</summary>
    Will,

    /// <summary>A session ends.</summary>
    SessionExpiry,
}

/// <summary>
/// Due times of many sessions, so that a session need not be active to wait. Key: shard number, from the client identifier.
/// Calls <see cref="Sessions.ISessionGrain.DueAsync"/> when a time has come.
/// </summary>
[Alias("OrleansMqtt.IDeadlineGrain")]
public interface IDeadlineGrain : IGrainWithIntegerKey
{
    /// <summary>Sets or moves the time, in Unix milliseconds, for one client and kind; <paramref name="epoch"/> comes back when it is due.</summary>
    [Alias("Set")]
    Task SetAsync(string clientId, DeadlineKind kind, long due, long epoch);

    /// <summary>Does nothing but activate the grain, so that what is stored becomes due though nobody sets anything.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Forgets the time.</summary>
    [Alias("Clear")]
    Task ClearAsync(string clientId, DeadlineKind kind);
}
