namespace OrleansMqtt.Gateway.Membership;

/// <summary>The name under which this gateway's routes are registered. It changes when the gateway was held for gone and begins anew.</summary>
internal sealed class GatewayIdentity(string name)
{
    private volatile int _renewals;
    private volatile string? _renewed;

    /// <summary>The name now.</summary>
    public string Name => _renewed ?? name;

    /// <summary>Takes a name that no gateway had before.</summary>
    public void Renew() => _renewed = $"{name}+{++_renewals}";
}
