using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Interop.Tests.Processes;

/// <summary>Finds ports of the loopback address that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>So many, each another one.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }
}
