using System.Net;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>One listening socket.</summary>
public sealed record ListenerOptions
{
    /// <summary>Name in configuration and log.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Address and port; port 0 takes a free one. Or the path of a UNIX socket.</summary>
    public EndPoint Bind { get; init; } = new IPEndPoint(IPAddress.Loopback, 1883);

    /// <summary>How packets travel.</summary>
    public ListenerTransport Transport { get; init; } = ListenerTransport.Tcp;

    /// <summary>Certificates; of encrypted transports alone, which need them.</summary>
    public ListenerTlsOptions? Tls { get; init; }

    /// <summary>What a WebSocket listener answers to; of ws and wss alone.</summary>
    public ListenerWebSocketOptions WebSocket { get; init; } = new();

    /// <summary>Who may connect to a UNIX socket, by its file's permissions; null: as the process' file mode creation mask has it.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>Most connections of this listener at once, those included that are not through their handshakes; 0: no bound but the gateway's.</summary>
    public int MaxConnections { get; init; }

    /// <summary>What becomes of who comes when there are <see cref="MaxConnections"/>.</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Refuse;

    /// <summary>
    /// Whether every connection begins with a header of the PROXY protocol, version 1 or 2, which says where the client is. For listeners that a load balancer alone can reach:
    /// whoever writes the header says what he likes. One without it is closed. It comes before TLS.
    /// </summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>Whether the breaches listed in <see cref="Protocol.Connections.Tolerance"/> are let pass and counted.</summary>
    public bool Tolerant { get; init; }

    /// <summary>Whether clients that name no user and that nobody knows are served; null: as for the whole gateway.</summary>
    public bool? AllowAnonymous { get; init; }

    /// <summary>The names of the authenticators that are asked about clients of this listener, in this order; null: all. Empty: none.</summary>
    public IReadOnlyList<string>? Authenticators { get; init; }

    /// <summary>
    /// What the topics of this listener's clients begin with in the broker: it stands before each topic and filter that they name, and is left out again before they see it. Access lists see
    /// the whole topic. Empty: nothing.
    /// </summary>
    public string MountPoint { get; init; } = "";

    /// <summary>What it does wrong, for people who test clients; null: nothing.</summary>
    public ListenerFaultOptions? Faults { get; init; }
}
