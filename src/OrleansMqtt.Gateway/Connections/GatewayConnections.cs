using System.Collections.Immutable;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>This gateway's connections, as silos see them.</summary>
internal sealed class GatewayConnections(GatewayContext context) : IGatewayConnections
{
    private readonly Confirmation _confirmation = new(context);

    /// <inheritdoc/>
    public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason) => context.Connections.CloseAsync(clientId, epoch, reason);

    /// <inheritdoc/>
    public async Task<ImmutableArray<long>> CloseFormerAsync(ImmutableArray<FormerConnection> former) =>
        [.. await Task.WhenAll(former.Select(client => context.Connections.CloseFormerAsync(client.ClientId, client.Before)))];

    /// <inheritdoc/>
    public Task<long> ConfirmAsync(long pass) => Task.FromResult(_confirmation.Advance(pass));
}
