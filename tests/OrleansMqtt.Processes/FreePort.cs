using System.Net;
using System.Net.Sockets;

namespace OrleansMqtt.Processes;

/// <summary>
/// Finds ports of the loopback address that nobody listens on. They lie below those that Linux gives to outgoing connections: while a process that is to
/// come back to its port is away, no connection takes it, and no client that tries it connects to itself.
/// </summary>
internal static class FreePort
{
    private const int First = 12_000;
    private const int End = 32_000;

    private static int _next = Random.Shared.Next(First, End);

    /// <summary>So many, each another one; none twice in a process.</summary>
    public static int[] Take(int count) => [.. Candidates().Where(IsFree).Take(count)];

    private static IEnumerable<int> Candidates()
    {
        for (var tries = First; tries < End; tries++) yield return First + (int)((uint)Interlocked.Increment(ref _next) % (End - First));
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
