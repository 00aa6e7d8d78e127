namespace OrleansMqtt.Grains.Topics;

/// <summary>A silo's replica that has a lease of one partition. Used in the turns of the topic grain only.</summary>
internal sealed class LeasedReplica(long attachment, ReplicaFeed feed)
{
    private int _underWay;
    private long _since;

    /// <summary>Number of the attachment.</summary>
    public long Attachment => attachment;

    /// <summary>How it is told.</summary>
    public ReplicaFeed Feed => feed;

    /// <summary>Time stamp at which the silo routes no more unless the lease is extended.</summary>
    public long LeaseEnd { get; set; }

    /// <summary>Something is under way to it that it does not have yet.</summary>
    public void Begin(long now)
    {
        if (_underWay++ == 0) _since = now;
    }

    /// <summary>It has it, or will never have it.</summary>
    public void End() => _underWay--;

    /// <summary>Whether something has been under way without a pause since <paramref name="then"/>.</summary>
    public bool IsBehindSince(long then) => _underWay > 0 && _since <= then;
}
