using OrleansMqtt.Settings;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>What the partitions of this silo hold as retained messages, all together, and whether more may come. Thread-safe: each partition has turns of its own.</summary>
internal sealed class RetainedQuota(Live<RetainedLimits> limits)
{
    private long _messages, _bytes;

    /// <summary>Without limits.</summary>
    public static RetainedQuota Unlimited => new(new Live<RetainedLimits>(new RetainedLimits()));

    /// <summary>Messages held.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether anything is limited.</summary>
    public bool IsLimited => limits.Current is { MaxRetainedMessages: > 0 } or { MaxRetainedBytes: > 0 };

    /// <summary>Notes what has come (positive) or gone (negative).</summary>
    public void Add(long messages, long bytes)
    {
        Interlocked.Add(ref _messages, messages);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Adds, if there is room for it, or it is no more than what it replaces.</summary>
    public bool TryAdd(long messages, long bytes)
    {
        var (most, mostBytes) = (limits.Current.MaxRetainedMessages, limits.Current.MaxRetainedBytes);
        Add(messages, bytes);
        if ((messages <= 0 || most == 0 || Messages <= most) && (bytes <= 0 || mostBytes == 0 || Bytes <= mostBytes)) return true;
        Add(-messages, -bytes);
        return false;
    }
}
