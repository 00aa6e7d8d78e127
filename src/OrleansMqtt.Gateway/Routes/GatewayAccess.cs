using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Broker;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Gateway.Routes;

/// <inheritdoc cref="IGatewayAccess"/>
// The gateway itself is looked for when it is to stop: what it is made of may want the broker's interface.
internal sealed class GatewayAccess(IServiceProvider services, ConnectionRegistry connections, Guards guards) : IGatewayAccess
{
    /// <inheritdoc/>
    public int MaxConnections => guards.Limits.Current.MaxConnections;

    /// <inheritdoc/>
    public MqttClientInfo? Find(string clientId) => connections.Find(clientId)?.Info;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> ConnectionsByAddress() => guards.Addresses.ByAddress();

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => services.GetRequiredService<MqttGateway>().StopAsync(cancellationToken);
}
