namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>Gives one topic after the other, so that a large tree is not asked for what the processor's caches have anyway.</summary>
/// <param name="topics">Topics; their number is a power of two.</param>
internal sealed class Rotation(byte[][] topics)
{
    private int _next;

    /// <summary>The next topic.</summary>
    public byte[] Next() => topics[_next++ & (topics.Length - 1)];
}
