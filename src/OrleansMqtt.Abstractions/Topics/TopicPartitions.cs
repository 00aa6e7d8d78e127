using System.Text;

namespace OrleansMqtt.Topics;

/// <summary>Cuts the key space of filters and topics into partitions, the same way in every process and every version.</summary>
public sealed class TopicPartitions
{
    /// <summary>The number of partitions of a cluster that says nothing else.</summary>
    public const int DefaultCount = 32;

    /// <summary>Creates the partitioning.</summary>
    /// <param name="count">Number of partitions, 1 to 4,096; fixed when a cluster first starts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public TopicPartitions(int count = DefaultCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 4096);
        Count = count;
    }

    /// <summary>Number of partitions.</summary>
    public int Count { get; }

    /// <summary>The partition, 0 to <see cref="Count"/> - 1, of a whole filter or topic name in UTF-8.</summary>
    public int Of(ReadOnlySpan<byte> key)
    {
        // FNV-1a: stable across processes and versions (string.GetHashCode is neither), good enough to spread 32 ways.
        var hash = 14695981039346656037ul;
        foreach (var b in key) hash = (hash ^ b) * 1099511628211ul;
        return (int)((hash ^ (hash >> 32)) % (uint)Count);
    }

    /// <summary>The partition of a whole filter or topic name.</summary>
    public int Of(string key)
    {
        Span<byte> bytes = key.Length <= 128 ? stackalloc byte[key.Length * 3] : new byte[Encoding.UTF8.GetByteCount(key)];
        return Of(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
    }
}
