using Microsoft.Extensions.Configuration;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Transports;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Everything that the gateway's process is told.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Cluster">Its cluster, or the silo beside it.</param>
/// <param name="Store">What its sessions and retained messages are kept in.</param>
/// <param name="Handlers">Bounds of what waits for topic handlers in the silo beside it.</param>
/// <param name="Http">Its HTTP server.</param>
/// <param name="Authenticators">Who finds out who clients are.</param>
/// <param name="Authorizers">Who decides what they may do.</param>
internal sealed record GatewaySettings(
    GatewayOptions Gateway, ClusterSettings Cluster, StoreSettings Store, HandlerLimits Handlers, HttpSettings Http, AuthenticatorSettings Authenticators, AuthorizerSettings Authorizers)
{
    /// <summary>What becomes of events.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>Topics that are Redis channels too, where the silo is beside it; null for none.</summary>
    public RedisChannelOptions? Channels { get; init; }

    private const int SecondsOfADay = 86_400;

    // Linux knows no more.
    private const int MostKeepAliveSeconds = 32_767, MostKeepAliveProbes = 127;

    /// <summary>Reads all settings, and what the program itself brings by name; where one is wrong, <paramref name="reader"/> has the problem and the result must not be used.</summary>
    public static GatewaySettings Read(SettingsReader reader, IConfiguration configuration, ApplicationPlan? plan = null)
    {
        var authenticators = AuthenticatorSettings.Read(reader);
        var authorizers = AuthorizerSettings.Read(reader, authenticators);
        IReadOnlyList<string> authenticatorNames = [.. authenticators.Names, .. plan?.Authenticators ?? []];
        var authentication = AuthenticationSettings.Read(reader, authenticatorNames);
        var allowAnonymous = authentication.AllowAnonymous == true;
        var cluster = ClusterSettings.Read(reader, allowAnonymous);
        var store = StoreSettings.Read(reader, cluster);
        var channels = RedisChannelSettings.Read(reader, cluster, store);
        var handlers = HandlerLimitSettings.Read(reader);
        var http = HttpSettings.Read(reader, allowAnonymous);
        var fallback = new GatewayOptions();
        var gateway = fallback with
        {
            Listeners = ListenerSettings.Read(reader, authentication.AllowAnonymous, authenticatorNames),
            Authentication = authentication,
            Authorization = AuthorizationSettings.Read(reader, [.. authorizers.Names, .. plan?.Authorizers ?? []]),
            Limits = GatewayLimitSettings.Read(reader),
            Drain = DrainSettings.Read(reader),
            Sockets = ReadSockets(reader.Get("Sockets:Engine"), fallback.Sockets),
            TcpKeepAlive = new TcpKeepAlive
            {
                Seconds = reader.Get("Sockets:TcpKeepAliveSeconds").Whole(0, MostKeepAliveSeconds, fallback.TcpKeepAlive.Seconds),
                Probes = reader.Get("Sockets:TcpKeepAliveProbes").Whole(1, MostKeepAliveProbes, fallback.TcpKeepAlive.Probes),
            },
            SysInterval = TimeSpan.FromSeconds(reader.Get("Sys:IntervalSeconds").Whole(0, SecondsOfADay, (int)fallback.SysInterval.TotalSeconds)),
        };
        var events = EventSettings.Read(reader);
        CheckDistinct(reader, http, gateway.Listeners);
        if (cluster.Redis is null) HandlerSettings.Load(reader);
        else HandlerSettings.Refuse(reader);
        LogSettings.Check(reader, configuration);
        reader.RefuseUnknown(LogSettings.Section, ConfigurationSources.ApplicationSection);
        return new GatewaySettings(gateway, cluster, store, handlers, http, authenticators, authorizers) { Events = events, Channels = channels };
    }

    private static void CheckDistinct(SettingsReader reader, HttpSettings http, IReadOnlyList<ListenerOptions> listeners)
    {
        if (http.Bind is { Port: > 0 } && listeners.FirstOrDefault(listener => listener.Transport != ListenerTransport.Quic && listener.Bind.Equals(http.Bind)) is { } same)
            reader.Report($"Http:Bind is \"{http.Bind}\", which listener {same.Name} has too; allowed is another address or port, or none.");
    }

    private static SocketEngine ReadSockets(Setting setting, SocketEngine fallback)
    {
        var engine = setting.Choice(fallback);
        if (engine == SocketEngine.Epoll && !OperatingSystem.IsLinux()) setting.Reader.Report($"{setting.Key} is \"{setting.Text}\", which Linux alone has; allowed here is Auto or Kestrel.");
        return engine;
    }
}
