using System.Net;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>One listening socket.</summary>
public sealed record ListenerOptions
{
    /// <summary>Name in configuration and log.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Address and port; port 0 takes a free one.</summary>
    public EndPoint Bind { get; init; } = new IPEndPoint(IPAddress.Loopback, 1883);

    /// <summary>
    /// Whether every connection begins with a header of the PROXY protocol, version 1 or 2, which says where the client is. For listeners that a load balancer alone can reach:
    /// whoever writes the header says what he likes. One without it is closed.
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
}
