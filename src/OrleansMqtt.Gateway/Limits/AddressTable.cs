using System.Buffers.Binary;
using System.Net;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>How many connections each address has. Of IPv6 the network counts (the first 64 bits): whoever has one address of it has all.</summary>
internal sealed class AddressTable(Live<GatewayLimits> limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _connections = [];

    /// <summary>How many addresses have connections.</summary>
    public int Count
    {
        get { lock (_lock) return _connections.Count; }
    }

    /// <summary>Connections that an address has.</summary>
    public int ConnectionsOf(IPAddress address)
    {
        lock (_lock) return _connections.GetValueOrDefault(KeyOf(address));
    }

    /// <summary>A connection has come from an address. Null where it has as many as it may have; else its place, to be given back with <see cref="Leave"/>.</summary>
    public AddressPlace? TryEnter(EndPoint? remote)
    {
        // Of a Unix socket nobody has an address.
        if (remote is not IPEndPoint { Address: var address }) return AddressPlace.None;
        var (key, most) = (KeyOf(address), limits.Current.MaxConnectionsPerAddress);
        lock (_lock)
        {
            var count = _connections.GetValueOrDefault(key);
            if (most > 0 && count >= most) return null;
            _connections[key] = count + 1;
            return new AddressPlace(key);
        }
    }

    /// <summary>The connection is closed.</summary>
    public void Leave(AddressPlace place)
    {
        if (place.Key is not { } key) return;
        lock (_lock)
        {
            if (_connections[key] == 1) _connections.Remove(key);
            else _connections[key]--;
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? new UInt128(1, BinaryPrimitives.ReadUInt32BigEndian(bytes)) : new UInt128(0, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}

/// <summary>A connection's place among those of its address.</summary>
/// <param name="Key">The address; null for none.</param>
internal readonly record struct AddressPlace(UInt128? Key)
{
    /// <summary>Of a connection that has no address.</summary>
    public static AddressPlace None => default;
}
