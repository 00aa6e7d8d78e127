using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Transports;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>Everything that a gateway is told at start. See <see cref="GatewayLimits"/> for the limits.</summary>
public sealed record GatewayOptions
{
    /// <summary>Name under which this gateway's routes are registered; unique in a cluster.</summary>
    public string Name { get; init; } = $"gateway-{Guid.NewGuid():N}";

    /// <summary>Where to listen. None: clients are within the process alone (<see cref="MqttGateway.Connect"/>).</summary>
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [new ListenerOptions()];

    /// <summary>Limits of connections and packets.</summary>
    public GatewayLimits Limits { get; init; } = new();

    /// <summary>How clients are moved away when the gateway stops.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary>How it is found out who clients are.</summary>
    public AuthenticationOptions Authentication { get; init; } = new();

    /// <summary>How it is decided what they may do.</summary>
    public AuthorizationOptions Authorization { get; init; } = new();

    /// <summary>How publishes get to the silos, where this process has none.</summary>
    public LaneOptions Lanes { get; init; } = new();

    /// <summary>What reads and writes the sockets.</summary>
    public SocketEngine Sockets { get; init; } = SocketEngine.Auto;

    /// <summary>How the system finds out that a client is gone.</summary>
    public TcpKeepAlive TcpKeepAlive { get; init; } = new();

    /// <summary>How often `$SYS` topics are published; zero switches them off.</summary>
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection that the broker ends with a reason goes on being read, and what comes thrown away, so that the reason reaches a
    /// client that is still sending: closing at once would make its network stack discard it.
    /// </summary>
    public TimeSpan CloseLinger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Prefix of the Response Information that a 5.0 client may ask for; the client identifier and a slash follow. Empty: none is given. [MQTT-3.1.2-28]</summary>
    public string ResponseTopicPrefix { get; init; } = "responses/";
}

/// <summary>What reads and writes TCP and Unix sockets.</summary>
public enum SocketEngine
{
    /// <summary><see cref="Epoll"/> on Linux, <see cref="Kestrel"/> elsewhere.</summary>
    Auto,

    /// <summary>The broker's own loops over epoll(7): packets are handled on the thread that reads them. Linux only.</summary>
    Epoll,

    /// <summary>The socket transport of ASP.NET Core's Kestrel: on every platform.</summary>
    Kestrel,
}
