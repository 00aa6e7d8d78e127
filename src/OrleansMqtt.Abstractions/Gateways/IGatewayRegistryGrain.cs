namespace OrleansMqtt.Gateways;

/// <summary>Knows the gateways of a cluster by their leases, and does for those that are gone what they can't do any more. Key: 0.</summary>
/// <remarks>
/// <para>
/// A gateway's lease is <see cref="Leases.LeaseTimes.Gateway"/> long. The gateway counts it from before it sent the heartbeat that was answered, the registry from when
/// the heartbeat came, and a little longer: it is over for the gateway first. Once it is over for the gateway, the gateway's name is spent: it never renews it, not by an answer
/// that comes late either; it closes its clients and registers under another name. So whom the registry declares gone serves nobody.
/// </para>
/// <para>
/// Names are in the lease store before a registration is answered, and leave it when everything has been done for a gateway that is gone. A registry that takes over
/// reads them there, waits for each a full lease, and repeats what its predecessor may have done half: removing routes and ending connections is idempotent.
/// Its predecessor, should it still run, can neither declare anybody gone, for that takes the claim on the registry, which its successor has taken from it; nor
/// give leases for more than <see cref="Leases.LeaseTimes.Round"/>, as it looks at the claim that often: the successor waits that much longer.
/// (While the store is away it goes on giving leases: then only the runtime's promise of a single activation stands. All gateways would stop otherwise.)
/// </para>
/// </remarks>
[Alias("OrleansMqtt.IGatewayRegistryGrain")]
public interface IGatewayRegistryGrain : IGrainWithIntegerKey
{
    /// <summary>A gateway begins under a name that no gateway had before, and that it has not tried before either. False when the name is spent: the call took longer than a lease, say.</summary>
    [Alias("Register")]
    Task<bool> RegisterAsync(string name, IGatewayEndpoint endpoint);

    /// <summary>A gateway lives. False when it is held for gone: it must end its clients and register under another name.</summary>
    [Alias("Renew")]
    Task<bool> RenewAsync(string name, IGatewayEndpoint endpoint);

    /// <summary>A gateway that has ended its clients leaves.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string name);

    /// <summary>The gateways that there are. Of a name that is in use and missing here, the gateway is gone for good. Needs the store.</summary>
    [Alias("Read")]
    Task<GatewayRoster> ReadAsync();

    /// <summary>The same, as far as this activation knows, and each change is told to <paramref name="watcher"/> as long as it asks again every <see cref="Leases.LeaseTimes.Round"/>.</summary>
    [Alias("Watch")]
    Task<GatewayRoster> WatchAsync(string silo, IGatewayWatcher watcher);
}
