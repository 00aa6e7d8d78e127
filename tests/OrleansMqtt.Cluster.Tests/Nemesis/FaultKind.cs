namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>What can happen to a part of a cluster.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and started again later.</summary>
    Kill,

    /// <summary>SIGTERM, and started again later.</summary>
    Restart,

    /// <summary>SIGSTOP, and SIGCONT when its leases are over.</summary>
    Pause,

    /// <summary>Cut off from Redis: nothing passes, and nobody is told.</summary>
    StallRedis,

    /// <summary>Cut off from Redis: connections are reset.</summary>
    ResetRedis,

    /// <summary>A silo that the others cannot reach, while it reaches them: nothing passes.</summary>
    StallPeers,

    /// <summary>A silo that the others cannot reach, while it reaches them: connections are reset.</summary>
    ResetPeers,

    /// <summary>A silo that one other part cannot reach: nothing passes.</summary>
    StallPeer,
}
