using System.Net.Sockets;

namespace OrleansMqtt.Gateway.Transports;

/// <summary>
/// How the system finds out that the other end of a quiet TCP connection is gone, whatever its client has said of a keep alive: it asks after a while, again and again, and ends the
/// connection that does not answer.
/// </summary>
public sealed record TcpKeepAlive
{
    /// <summary>Seconds of silence before it asks, 0 to 32,767; 0: it does not ask.</summary>
    public int Seconds { get; init; } = 600;

    /// <summary>How often it asks in vain before the connection is ended, 1 to 127. Between the questions is as much time as the system has it: 75 s on Linux.</summary>
    public int Probes { get; init; } = 3;

    /// <summary>Tells a socket that is to listen; its connections have it from there.</summary>
    internal void Apply(Socket listening)
    {
        if (Seconds == 0 || listening.ProtocolType != ProtocolType.Tcp) return;
        listening.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        listening.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds);
        listening.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
