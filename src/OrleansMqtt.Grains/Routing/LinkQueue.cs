using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Grains.Routing;

/// <summary>What waits for a gateway, in order. Under the link's lock.</summary>
/// <remarks>
/// A message of a lane comes again with each router that takes the lane over; while it waits, it is joined by its repeats, so that what waits is bounded however often that
/// happens. Repeats are rare: they are looked for only where a number is not beyond the last one of its lane.
/// </remarks>
internal sealed class LinkQueue
{
    private const int MaximumCount = 2048;
    // So that no array is a large object: those are collected with everything else only.
    private const int MaximumBytes = 64 * 1024;
    // What a message takes besides its bytes.
    private const int Overhead = 128;
    private readonly Dictionary<long, long> _lastOfLanes = [];
    private readonly PublishPacker _packer = new();
    private readonly ImmutableArray<GatewayDelivery>.Builder _others = ImmutableArray.CreateBuilder<GatewayDelivery>();
    private Queue<LinkBlock> _blocks = new();
    private List<LinkEntry> _entries = [];
    private Dictionary<(long Lane, long Number), (List<LinkEntry> Entries, int Index)>? _known;
    private long _lane, _last, _otherBytes, _blockBytes;

    /// <summary>About what it takes in memory.</summary>
    public long Bytes => _blockBytes + _packer.Length + _otherBytes + _entries.Count * Overhead;

    /// <summary>Adds a publish, or its waiter to the one that waits for the same.</summary>
    public void Add(in PublishView publish, in LinkEntry entry)
    {
        var stamp = publish.Stamp ?? default;
        if (stamp.Number > 0 && IsKnown(stamp) && TryJoin(stamp, entry)) return;
        MakeRoom(publish.Topic.Length + publish.Properties.Length + publish.Payload.Length);
        _packer.Add(in publish, stamp);
        Add(stamp, entry);
    }

    /// <summary>Adds what does not travel packed.</summary>
    public void Add(in GatewayDelivery delivery, in LinkEntry entry)
    {
        // A member of a shared group may be asked for the same message again, after others; what is late is in no order, and its gateway tells its repeats.
        var stamp = delivery is { Member: null, Message.IsLate: false } ? delivery.Message.Stamp ?? default : default;
        if (stamp.Number > 0 && IsKnown(stamp) && TryJoin(stamp, entry)) return;
        MakeRoom(delivery.Message.Size);
        _packer.AddOther();
        _others.Add(delivery);
        _otherBytes += delivery.Message.Size;
        Add(stamp, entry);
    }

    /// <summary>Takes the first block; null when nothing waits.</summary>
    public LinkBlock? Take()
    {
        _known = null;
        if (_blocks.TryDequeue(out var block)) _blockBytes -= block.Bytes;
        else block = _entries.Count > 0 ? Gathered() : null;
        if (_entries.Count == 0 && _blocks.Count == 0) ForgetLanes();
        return block;
    }

    /// <summary>Takes out what does not wait for a gateway that does not answer: who waits for it, and whether it is for a member of a shared group.</summary>
    public List<(LinkEntry Entry, bool ForMember)> Release()
    {
        var released = new List<(LinkEntry, bool)>();
        if (_entries.Count > 0) Close();
        var blocks = _blocks;
        (_blocks, _blockBytes, _known) = (new Queue<LinkBlock>(), 0, null);
        ForgetLanes();
        foreach (var block in blocks)
        {
            var others = 0;
            var unpacker = new PublishUnpacker(block.Publishes);
            for (var i = 0; unpacker.TryRead(out var publish, out var isOther); i++)
            {
                var entry = block.Entries[i];
                var other = isOther ? block.Others[others++] : default;
                if (entry.MayBeDropped) released.Add((entry, other.Member is not null));
                else if (isOther) Add(other, entry);
                else Add(in publish, entry);
            }
        }
        return released;
    }

    private void MakeRoom(int size)
    {
        if (_entries.Count >= MaximumCount || (_entries.Count > 0 && _packer.Length + _otherBytes + size > MaximumBytes)) Close();
    }

    private void Close()
    {
        var block = Gathered();
        _blocks.Enqueue(block);
        _blockBytes += block.Bytes;
    }

    private LinkBlock Gathered()
    {
        var bytes = _packer.Length + _otherBytes + _entries.Count * Overhead;
        var block = new LinkBlock(_packer.Pack(), _others.DrainToImmutable(), _entries, bytes);
        (_entries, _otherBytes) = (new List<LinkEntry>(block.Entries.Count), 0);
        return block;
    }

    private void Add(LaneStamp stamp, in LinkEntry entry)
    {
        if (stamp.Number > 0 && _known is not null) _known[(stamp.Lane, stamp.Number)] = (_entries, _entries.Count);
        _entries.Add(entry);
    }

    private bool IsKnown(LaneStamp stamp)
    {
        if (stamp.Lane != _lane)
        {
            _lastOfLanes[_lane] = _last;
            (_lane, _last) = (stamp.Lane, _lastOfLanes.GetValueOrDefault(stamp.Lane));
        }
        if (stamp.Number <= _last) return true;
        _last = stamp.Number;
        return false;
    }

    private void ForgetLanes()
    {
        (_lane, _last) = (0, 0);
        _lastOfLanes.Clear();
    }

    private bool TryJoin(LaneStamp stamp, in LinkEntry entry)
    {
        _known ??= Index();
        if (!_known.TryGetValue((stamp.Lane, stamp.Number), out var at)) return false;
        ref var first = ref CollectionsMarshal.AsSpan(at.Entries)[at.Index];
        first = first with { Waiter = new JoinedWaiters(first, entry) };
        return true;
    }

    private Dictionary<(long, long), (List<LinkEntry>, int)> Index()
    {
        var known = new Dictionary<(long, long), (List<LinkEntry>, int)>();
        if (_entries.Count > 0) Close();
        foreach (var block in _blocks)
        {
            var others = 0;
            var unpacker = new PublishUnpacker(block.Publishes);
            for (var i = 0; unpacker.TryRead(out var publish, out var isOther); i++)
            {
                var stamp = publish.Stamp;
                if (isOther && block.Others[others++] is { Member: null } other) stamp = other.Message.Stamp;
                if (stamp is { } found) known[(found.Lane, found.Number)] = (block.Entries, i);
            }
        }
        return known;
    }
}
