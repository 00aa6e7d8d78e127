namespace OrleansMqtt.Storage;

/// <summary>How the store is, for health, `$SYS` and the line printed at start. Each store registers one as a singleton. Thread-safe; what it says is the moment's state.</summary>
public interface IStoreStatus
{
    /// <summary>Kind and place, such as <c>redis 127.0.0.1:6379</c>; never a password.</summary>
    string Description { get; }

    /// <summary>The configured level, which acknowledged writes have reached unless <see cref="Problem"/> says otherwise.</summary>
    StoreDurability Durability { get; }

    /// <summary>Whether writes are expected to succeed now. While false they wait, and fail in the end.</summary>
    bool IsHealthy { get; }

    /// <summary>What is wrong, one sentence; null when nothing is. A store may be healthy and have one: the configured level is more than it can honour, say.</summary>
    string? Problem { get; }
}
