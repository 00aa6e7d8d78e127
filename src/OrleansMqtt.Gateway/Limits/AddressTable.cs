using System.Buffers.Binary;
using System.Net;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>How many connections each address has. Of IPv6 the network counts (the first 64 bits): whoever has one address of it has all.</summary>
internal sealed class AddressTable(Live<GatewayLimits> limits)
{
    /// <summary>The place of a connection that has no address.</summary>
    public const ulong NoPlace = 0;

    // IPv4 stands where IPv6 has a prefix that is never given to anybody, and the network of ::1 where no prefix can be.
    private const ulong InternetPrefix = 1UL << 32, LoopbackPrefix = ulong.MaxValue;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, int> _connections = [];

    /// <summary>How many addresses have connections.</summary>
    public int Count
    {
        get { lock (_lock) return _connections.Count; }
    }

    /// <summary>Connections that an address has.</summary>
    public int ConnectionsOf(IPAddress address)
    {
        lock (_lock) return _connections.GetValueOrDefault(PlaceOf(address));
    }

    /// <summary>A connection has come from an address. False where that has as many as it may have.</summary>
    /// <param name="remote">The address.</param>
    /// <param name="place">What to give back with <see cref="Leave"/> when the connection is closed.</param>
    public bool TryEnter(EndPoint? remote, out ulong place)
    {
        place = NoPlace;
        // Of a Unix socket nobody has an address.
        if (remote is not IPEndPoint { Address: var address }) return true;
        var (own, most) = (PlaceOf(address), limits.Current.MaxConnectionsPerAddress);
        lock (_lock)
        {
            var count = _connections.GetValueOrDefault(own);
            if (most > 0 && count >= most) return false;
            _connections[own] = count + 1;
        }
        place = own;
        return true;
    }

    /// <summary>The connection is closed.</summary>
    public void Leave(ulong place)
    {
        if (place == NoPlace) return;
        lock (_lock)
        {
            if (_connections[place] == 1) _connections.Remove(place);
            else _connections[place]--;
        }
    }

    /// <summary>How many connections each address has; of IPv6 each network.</summary>
    public IReadOnlyDictionary<string, int> ByAddress()
    {
        lock (_lock) return _connections.ToDictionary(static place => NameOf(place.Key), static place => place.Value);
    }

    private static string NameOf(ulong place)
    {
        if (place == LoopbackPrefix) return IPAddress.IPv6Loopback.ToString();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, place);
        return place >> 32 == InternetPrefix >> 32 ? new IPAddress(bytes[4..8]).ToString() : $"{new IPAddress(bytes)}/64";
    }

    private static ulong PlaceOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        if (length == 4) return InternetPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes) is > 0 and var prefix ? prefix : LoopbackPrefix;
    }
}
