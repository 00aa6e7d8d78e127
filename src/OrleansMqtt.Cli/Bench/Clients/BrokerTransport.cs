namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>What carries the packets.</summary>
internal enum BrokerTransport
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>TLS over TCP.</summary>
    Tls,

    /// <summary>WebSocket.</summary>
    Ws,

    /// <summary>WebSocket over TLS.</summary>
    Wss,
}
