using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Routes;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Gateway.Transports.Layers;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>What all connections of a gateway share; one object, so that a connection stays small.</summary>
internal sealed class GatewayContext
{
    private volatile ProtocolOptionsOfLimits? _protocolOptions;
    private volatile bool _isStopping;

    public required GatewayOptions Options { get; init; }

    /// <summary>The gateway's name.</summary>
    public required GatewayIdentity Identity { get; init; }

    /// <summary>The right to serve clients in a cluster; null where nobody gives one.</summary>
    public GatewayLease? Lease { get; init; }

    /// <summary>Whether clients may be read from and delivered to.</summary>
    public bool MayServe => Lease is null || Lease.IsInForce;

    /// <summary>Whether the gateway ends. In a cluster the registry does then what it can't do itself any more.</summary>
    public bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>Whether there is no other gateway to which clients could go.</summary>
    public bool IsAlone => Lease is null;

    public required ConnectionRegistry Connections { get; init; }

    public required LocalSubscriptions Subscriptions { get; init; }

    public required RouteRegistrar Registrar { get; init; }

    public required RetainedReader Retained { get; init; }

    public required ILocalRouter Router { get; init; }

    /// <summary>The router where it is in other processes; null where this process has one.</summary>
    public LaneRouter? Lanes { get; init; }

    public required IGrainFactory Grains { get; init; }

    public required BrokerMetrics Metrics { get; init; }

    public required Heartbeat Heartbeat { get; init; }

    /// <summary>When CONNECTs are carried out.</summary>
    public required ConnectAdmission Admission { get; init; }

    /// <summary>What is done when memory runs short.</summary>
    public required OverloadGuard Overload { get; init; }

    /// <summary>How many handshakes of TLS compute at once, those of all listeners together.</summary>
    public HandshakeTurns HandshakeTurns { get; } = new(HandshakeTurns.Default);

    /// <summary>Who is asked who clients are.</summary>
    public required Authenticators Authenticators { get; init; }

    /// <summary>Who decides what clients may do; null where everything is allowed.</summary>
    public AuthorizationChain? Authorization { get; init; }

    /// <summary>Where what is refused is counted.</summary>
    public required SecurityMetrics SecurityMetrics { get; init; }

    /// <summary>Who is told what happens; null where nobody wants to know.</summary>
    public BrokerEvents? Events { get; init; }

    /// <summary>What stands around connections. Made when the listeners are, as it may ask for any service.</summary>
    public required Lazy<IConnectionMiddleware[]> Middlewares { get; init; }

    /// <summary>What stands between clients and the broker; made then too.</summary>
    public required Lazy<IPacketInterceptor[]> Interceptors { get; init; }

    /// <summary>Under which topics listeners' clients are.</summary>
    public MountPoints Mounts { get; } = new();

    /// <summary>What is mapped on connections and subscriptions; null for nothing.</summary>
    public ClientRoutes? Routes { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>This gateway as sessions see it; set when the gateway starts.</summary>
    public IGatewayEndpoint? Endpoint { get; set; }

    /// <summary>
    /// This gateway as routers see it, to be given to the directory of gateways; set when the gateway starts. A reference of its own: calls of one come one after the other,
    /// and closing a connection waits until what the client has published is with its receivers, who may be here.
    /// </summary>
    public IGatewayEndpoint? RouterEndpoint { get; set; }

    /// <summary>What keeps clients within the limits.</summary>
    public required Guards Guards { get; init; }

    /// <summary>The limits as they are now.</summary>
    public GatewayLimits Limits => Guards.Limits.Current;

    /// <summary>What the protocol machine of a connection is told; one object for all connections of a kind.</summary>
    public ServerConnectionOptions ProtocolOptions(bool tolerant)
    {
        var limits = Limits;
        var options = _protocolOptions;
        if (options is null || !ReferenceEquals(options.Limits, limits)) _protocolOptions = options = new ProtocolOptionsOfLimits(limits, OptionsOf(limits, false), OptionsOf(limits, true));
        return tolerant ? options.Tolerant : options.Strict;
    }

    /// <summary>The session expiry granted for a wish, seconds [MQTT-3.2.2-21].</summary>
    public uint LimitExpiry(uint wish) => Math.Min(wish, Limits.Session.MaxSessionExpirySeconds);

    private sealed record ProtocolOptionsOfLimits(GatewayLimits Limits, ServerConnectionOptions Strict, ServerConnectionOptions Tolerant);

    private static ServerConnectionOptions OptionsOf(GatewayLimits limits, bool tolerant) => new()
    {
        MaximumConnectPacketSize = limits.MaxConnectPacketBytes,
        MaximumPacketSize = limits.MaxPacketBytes,
        ReceiveMaximum = limits.ReceiveMaximum,
        TopicAliasMaximum = limits.TopicAliasMaximum,
        Tolerant = tolerant,
    };

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
