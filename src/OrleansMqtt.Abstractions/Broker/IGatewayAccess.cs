using OrleansMqtt.Routes;

namespace OrleansMqtt.Broker;

/// <summary>The gateway of this process, for those who do not know gateways.</summary>
internal interface IGatewayAccess
{
    /// <summary>Most clients that may be connected at once; 0 for any number.</summary>
    int MaxConnections { get; }

    /// <summary>A client that is connected here; null for none.</summary>
    MqttClientInfo? Find(string clientId);

    /// <summary>How many connections each address has.</summary>
    IReadOnlyDictionary<string, int> ConnectionsByAddress();

    /// <summary>Accepts nobody any more and ends all connections as when the host stops.</summary>
    /// <param name="cancellationToken">All that are left end at once.</param>
    Task StopAsync(CancellationToken cancellationToken);
}
