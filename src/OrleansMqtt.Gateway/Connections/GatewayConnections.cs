using System.Collections.Immutable;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>This gateway's connections, as silos see them.</summary>
internal sealed class GatewayConnections(GatewayContext context) : IGatewayConnections
{
    private readonly Confirmation _confirmation = new(context);

    /// <inheritdoc/>
    public async Task<ImmutableArray<long>> CloseFormerAsync(ImmutableArray<FormerConnection> former) =>
        [.. await Task.WhenAll(former.Select(client => context.Connections.CloseFormerAsync(client.ClientId, client.Before)))];

    /// <inheritdoc/>
    public Task<long> ConfirmAsync(long pass) => Task.FromResult(_confirmation.Advance(pass));
}
