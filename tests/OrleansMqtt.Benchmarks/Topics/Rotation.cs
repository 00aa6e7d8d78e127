namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>Gives one topic after the other, so that a large tree is not asked for what the processor's caches have anyway.</summary>
internal sealed class Rotation(byte[][] topics)
{
    private int _next;

    /// <summary>The next topic.</summary>
    public byte[] Next()
    {
        var topic = topics[_next];
        if (++_next == topics.Length) _next = 0;
        return topic;
    }
}
