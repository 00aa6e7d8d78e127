namespace OrleansMqtt.Gateways;

/// <summary>Is told which gateways there are. See <see cref="IGatewayRegistryGrain.WatchAsync"/>.</summary>
[Alias("OrleansMqtt.IGatewayWatcher")]
public interface IGatewayWatcher : IGrainObserver
{
    /// <summary>The gateways that there are now. A roster with a lower version than one before is to be ignored.</summary>
    [Alias("Changed")]
    Task ChangedAsync(GatewayRoster roster);
}
