namespace OrleansMqtt.Leases;

/// <summary>Whether a part of this process, a silo or a gateway, has its place in the cluster, for health. Each part registers one as a singleton. Thread-safe; what it says is the moment's state.</summary>
public interface IClusterPresence
{
    /// <summary>Whether it can serve now.</summary>
    bool IsPresent { get; }

    /// <summary>As what it is there, or what it waits for.</summary>
    string Description { get; }
}
