namespace OrleansMqtt.Gateways;

/// <summary>The gateways of the cluster, as a silo knows them.</summary>
internal interface IGatewayDirectory
{
    /// <summary>
    /// The gateway's endpoint; null when it is gone for good (its lease has ended, or it has left): what was for it goes nowhere any more. Waits, bounded, for a
    /// gateway that is not known here yet.
    /// </summary>
    /// <exception cref="TimeoutException">The registry did not say in time.</exception>
    ValueTask<IGatewayEndpoint?> FindAsync(string gateway);

    /// <summary>Completes when a gateway that was found seems to be gone: who waits for its answer looks for it anew.</summary>
    Task WhenMissing(string gateway);
}
