using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>The streams of the publishers of one lane at one router. In the turns of one grain only.</summary>
/// <remarks>
/// When the lane hears of a failure it lets nothing go that stands behind it in the stream. Batches that it has sent before still have some; so a publisher has a new stream
/// with the first batch that says that those which took part in the failed one have been answered in full.
/// </remarks>
internal sealed class LaneStreams : IPublishStreams
{
    private const int Plenty = 1024;
    private readonly Dictionary<string, Used> _streams = [];
    private long _index, _done;
    private int _next = Plenty;

    private readonly record struct Used(PublishStream Stream, long Index);

    /// <summary>A batch is about to be routed.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="done">All batches before this one have been answered in full.</param>
    public void Begin(long index, long done)
    {
        (_index, _done) = (index, done);
        if (_streams.Count < _next) return;
        foreach (var (publisher, used) in _streams)
            if (used.Index < done) _streams.Remove(publisher);
        _next = Math.Max(Plenty, _streams.Count * 2);
    }

    /// <inheritdoc/>
    public PublishStream StreamOf(string publisher)
    {
        var isKnown = _streams.TryGetValue(publisher, out var used);
        // What fails with it takes no part in it.
        if (isKnown && used.Stream.Failure is not null && used.Index >= _done) return used.Stream;
        var stream = isKnown && used.Stream.Failure is null ? used.Stream : new PublishStream();
        _streams[publisher] = new Used(stream, _index);
        return stream;
    }
}
