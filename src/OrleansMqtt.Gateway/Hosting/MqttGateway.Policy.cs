using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Hosting;

// What decides about clients, and whom.
public sealed partial class MqttGateway
{
    /// <summary>The authorizers, in the order in which they are asked.</summary>
    public IReadOnlyList<IAuthorizer> Authorizers => _context.Authorization?.Authorizers ?? [];

    /// <summary>Whether what none of them decides is allowed.</summary>
    public bool AllowsByDefault => _context.Authorization?.AllowsByDefault ?? true;

    /// <summary>The clients that are connected to this gateway, each with what it has been doing when the enumeration comes to it. Topics are whole, with the mount point of the listener.</summary>
    public IEnumerable<ClientActivity> Clients => _context.Connections.Connected.Select(static connection => connection.Describe());
}
