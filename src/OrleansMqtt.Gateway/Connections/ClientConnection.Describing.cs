using OrleansMqtt.Gateway.Routes;
using OrleansMqtt.Routes;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Connections;

// What others may know of the client.
internal sealed partial class ClientConnection
{
    private ushort _keepAlive;
    private bool _cleanStart;

    /// <summary>What mapped code is to do for it. To be used on the way of its packets.</summary>
    public CallQueue Calls => field ??= new CallQueue();

    /// <summary>The client, as mapped code sees it. Behind CONNACK. Thread-safe.</summary>
    public MqttClientInfo Info => new(ClientId)
    {
        UserName = Identity.UserName,
        Version = Version,
        KeepAliveSeconds = _keepAlive,
        CleanStart = _cleanStart,
        Address = Address,
        Listener = _listener.Name,
    };

    /// <summary>What the client has been doing. Thread-safe.</summary>
    public ClientActivity Describe() => new(ClientId, Identity)
    {
        Subscriptions = _subscriptions?.Describe() ?? [],
        Publishes = Permissions?.RecentPublishes() ?? [],
    };
}
