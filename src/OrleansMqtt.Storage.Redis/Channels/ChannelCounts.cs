using System.Diagnostics.Metrics;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>Why a message did not cross between a topic and its channel.</summary>
internal enum ChannelDrop
{
    /// <summary>Out: Redis was away.</summary>
    Disconnected,

    /// <summary>Out: Redis took messages too slowly.</summary>
    Full,

    /// <summary>Out: Redis refused it, as the user may not publish on the channel.</summary>
    Refused,

    /// <summary>In: the channel's name is no topic name.</summary>
    InvalidTopic,

    /// <summary>In: this silo did not know all routes.</summary>
    NotRouted,
}

/// <summary>What has crossed between topics and channels in this process, and what has not. Thread-safe.</summary>
internal sealed class ChannelCounts : IDisposable
{
    // Names in metrics, by number.
    private static readonly (string Direction, string Reason)[] Names =
        [("out", "disconnected"), ("out", "full"), ("out", "refused"), ("in", "invalid_topic"), ("in", "not_routed")];

    private readonly Meter _meter = new("OrleansMqtt");
    private readonly long[] _dropped = new long[Names.Length];
    private long _published, _received;

    public ChannelCounts()
    {
        _meter.CreateObservableCounter("orleansmqtt.redis.channels.published", () => Published, "{message}", "Messages of topics that Redis has taken");
        _meter.CreateObservableCounter("orleansmqtt.redis.channels.received", () => Received, "{message}", "Messages of channels that were published on topics");
        _meter.CreateObservableCounter("orleansmqtt.redis.channels.dropped", DroppedByReason, "{message}", "Messages that did not cross, by direction and reason");
    }

    public long Published => Volatile.Read(ref _published);

    public long Received => Volatile.Read(ref _received);

    public long Dropped(ChannelDrop reason) => Volatile.Read(ref _dropped[(int)reason]);

    public void CountPublished(long count) => Interlocked.Add(ref _published, count);

    public void CountReceived(long count) => Interlocked.Add(ref _received, count);

    public void CountDropped(ChannelDrop reason, long count = 1) => Interlocked.Add(ref _dropped[(int)reason], count);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> DroppedByReason()
    {
        for (var i = 0; i < Names.Length; i++)
            yield return new Measurement<long>(Volatile.Read(ref _dropped[i]), new("direction", Names[i].Direction), new("reason", Names[i].Reason));
    }
}
