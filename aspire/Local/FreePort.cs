using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.AppHost.Local;

/// <summary>Finds a port for a program that cannot take any free one by itself.</summary>
internal static class FreePort
{
    /// <summary>A port of the loopback address that was free a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
