namespace OrleansMqtt.Interop.Tests.Brokers;

/// <summary>One broker for all tests of a collection: a gateway process, or the one that <see cref="InteropTarget"/> names.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    /// <summary>An upper bound for a whole collection, so that a test host that is killed leaves no broker behind for long.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private GatewayProcess? _gateway;

    internal BrokerAddress Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (InteropTarget.Address is { } foreign)
        {
            Address = foreign;
            return;
        }

        _gateway = await GatewayProcess.StartAsync(GatewayProcess.Embedded, lifetime: Lifetime);
        Address = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
    }
}
