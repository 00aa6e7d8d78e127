using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Reads `host:port`.</summary>
internal static class NetworkAddress
{
    /// <summary>What <see cref="TryParseBind"/> allows, in words.</summary>
    public const string BindForm = "host:port with an IP address or localhost and a port from 0 to 65535, or unix:/path";

    private const string UnixScheme = "unix:";

    /// <summary>An address to listen on. Names other than localhost are refused: which of their addresses is meant would be a guess.</summary>
    public static bool TryParseBind(string text, [MaybeNullWhen(false)] out EndPoint endPoint)
    {
        endPoint = null;
        if (text.StartsWith(UnixScheme + "/", StringComparison.Ordinal))
            endPoint = new UnixDomainSocketEndPoint(text[UnixScheme.Length..]);
        else if (TryParseHostAndPort(text, out var address) && TryParseIp(address.Host, out var ip))
            endPoint = new IPEndPoint(ip, address.Port);
        return endPoint is not null;
    }

    /// <summary>A host, not resolved, and a port, 0 to 65,535.</summary>
    public static bool TryParseHostAndPort(string text, [MaybeNullWhen(false)] out DnsEndPoint address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return false;
        var host = text[..colon];
        if (host is ['[', .., ']']) host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal)) return false;
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown or UriHostNameType.Basic) return false;
        address = new DnsEndPoint(host, port);
        return true;
    }

    /// <summary>Whether only this machine can reach it.</summary>
    public static bool IsLocal(EndPoint endPoint) => endPoint is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address);

    private static bool TryParseIp(string host, [MaybeNullWhen(false)] out IPAddress address)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IPAddress.Loopback;
            return true;
        }
        // IPAddress also reads "1" and "010.0.0.1", as something that their writer hardly meant.
        return IPAddress.TryParse(host, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == host);
    }
}
