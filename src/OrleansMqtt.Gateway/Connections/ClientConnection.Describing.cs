using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Connections;

// What others may know of the client.
internal sealed partial class ClientConnection
{
    /// <summary>What the client has been doing. Thread-safe.</summary>
    public ClientActivity Describe() => new(ClientId, Identity)
    {
        Subscriptions = _subscriptions?.Describe() ?? [],
        Publishes = Permissions?.RecentPublishes() ?? [],
    };
}
