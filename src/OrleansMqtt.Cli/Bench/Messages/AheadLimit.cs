namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>
/// Keeps a publisher near its receivers: at QoS 0 nothing else does, and a broker that is flooded may drop messages. Asked by the
/// publisher's loop, told by the subscribers' reading loops.
/// </summary>
/// <param name="ahead">Messages that the publisher may be ahead of the slowest receiver.</param>
/// <param name="need">So many must be free before a blocked publisher goes on, so that it goes on with a batch.</param>
/// <param name="slowest">How many messages of the publisher the slowest receiver has come to.</param>
internal sealed class AheadLimit(int ahead, int need, Func<long> slowest)
{
    private long _floor;
    private long _blockedAt = -1; // What had been sent when the publisher blocked; -1 while it is not.

    /// <summary>How many more messages may be sent. 0 means that <see cref="ShouldWake"/> will say true in time.</summary>
    public long Room(long sent)
    {
        if (RoomAbove(_floor, sent) is > 0 and var room) return room;
        Volatile.Write(ref _blockedAt, sent);
        // A receipt after this sees that we are blocked; one before it is in what we read now.
        Interlocked.MemoryBarrier();
        _floor = slowest();
        room = RoomAbove(_floor, sent);
        if (room > 0) Volatile.Write(ref _blockedAt, -1);
        return room;
    }

    /// <summary>After receipts, and a memory barrier: whether the publisher was blocked and need not be any longer.</summary>
    public bool ShouldWake()
    {
        var sent = Volatile.Read(ref _blockedAt);
        return sent >= 0 && RoomAbove(slowest(), sent) > 0 && Interlocked.CompareExchange(ref _blockedAt, -1, sent) == sent;
    }

    private long RoomAbove(long floor, long sent)
    {
        var room = floor + ahead - sent;
        return room >= need ? room : 0;
    }
}
