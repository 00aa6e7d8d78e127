using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>A peer's address in the kernel's form, as small as it comes; the objects that describe it are made when somebody asks.</summary>
internal readonly struct RemoteAddress
{
    private const int InternetFamily = 2, Internet6Family = 10;
    private readonly byte[]? _long;
    private readonly uint _short;
    private readonly ushort _port;

    private RemoteAddress(byte[]? bytes, uint ipv4, ushort port) => (_long, _short, _port) = (bytes, ipv4, port);

    /// <summary>Whether it is an IP address rather than a Unix socket's.</summary>
    public bool IsInternet => _port != 0;

    /// <summary>Reads a <c>sockaddr</c>: family in the machine's byte order, port and IP address in the network's.</summary>
    public static RemoteAddress Of(ReadOnlySpan<byte> address)
    {
        if (address.Length < 8) return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return MemoryMarshal.Read<ushort>(address) switch
        {
            InternetFamily => new(null, MemoryMarshal.Read<uint>(address[4..]), port),
            Internet6Family => new(address.Slice(8, 16).ToArray(), 0, port),
            _ => default,
        };
    }

    /// <summary>As an end point; without a path for a Unix socket, whose clients have none.</summary>
    public EndPoint ToEndPoint() => !IsInternet ? new UnixDomainSocketEndPoint("unix")
        : new IPEndPoint(_long is null ? new IPAddress(_short) : new IPAddress(_long), _port);
}
