using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Gateway.Authentication;

/// <summary>
/// Which addresses are banned, and which are on the way to it. An IPv6 address stands for its /64: one machine has that many. Bounded: the address that has been quiet for longest is
/// forgotten first. Thread-safe.
/// </summary>
internal sealed class AddressBans(BanOptions options, TimeProvider time)
{
    /// <summary>Addresses remembered.</summary>
    internal const int Capacity = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, LinkedListNode<Entry>> _entries = [];
    // In the order of their last failures.
    private readonly LinkedList<Entry> _order = [];

    /// <summary>Addresses remembered now.</summary>
    public int Count
    {
        get { lock (_lock) return _entries.Count; }
    }

    /// <summary>Whether clients from there are refused.</summary>
    public bool IsBanned(EndPoint? remote)
    {
        if (options.Failures == 0 || KeyOf(remote) is not { } key) return false;
        lock (_lock) return _entries.TryGetValue(key, out var node) && IsInForce(node.Value);
    }

    /// <summary>A client from there has been refused. Returns whether that bans the address.</summary>
    public bool CountFailure(EndPoint? remote)
    {
        if (options.Failures == 0 || KeyOf(remote) is not { } key) return false;
        lock (_lock)
        {
            var node = Touch(key);
            var now = time.GetTimestamp();
            // A ban that is in force is not made longer by those who were asked about before it.
            if (IsInForce(node.Value)) return false;
            if (node.Value.Failures == 0 || time.GetElapsedTime(node.Value.Since, now) >= options.Within) (node.Value.Failures, node.Value.Since) = (0, now);
            if (++node.Value.Failures < options.Failures) return false;
            (node.Value.Failures, node.Value.BannedAt) = (0, now);
            return true;
        }
    }

    private bool IsInForce(Entry entry) => entry.BannedAt is { } at && time.GetElapsedTime(at) < options.For;

    private LinkedListNode<Entry> Touch(IPAddress key)
    {
        if (_entries.TryGetValue(key, out var node))
        {
            _order.Remove(node);
        }
        else
        {
            if (_entries.Count >= Capacity)
            {
                _entries.Remove(_order.First!.Value.Address);
                _order.RemoveFirst();
            }
            _entries[key] = node = new LinkedListNode<Entry>(new Entry(key));
        }
        _order.AddLast(node);
        return node;
    }

    private static IPAddress? KeyOf(EndPoint? remote)
    {
        if ((remote as IPEndPoint)?.Address is not { } address) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return null;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private sealed class Entry(IPAddress address)
    {
        public IPAddress Address { get; } = address;

        public int Failures { get; set; }

        public long Since { get; set; }

        public long? BannedAt { get; set; }
    }
}
