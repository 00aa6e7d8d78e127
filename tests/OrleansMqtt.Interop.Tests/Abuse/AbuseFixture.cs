using OrleansMqtt.Interop.Tests.Brokers;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>One gateway process for all abuses: what an earlier one has left behind must not matter to a later one.</summary>
public sealed class AbuseFixture : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private GatewayProcess? _gateway;

    internal GatewayProcess Gateway => _gateway!;

    internal BrokerAddress Address => Gateway.Address;

    public async ValueTask InitializeAsync() => _gateway = await GatewayProcess.StartAsync([.. GatewayProcess.Embedded, "--Limits:ConnectTimeoutSeconds=2"], lifetime: Lifetime);

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }
}
