namespace OrleansMqtt.Gateway.Hosting;

/// <summary>How a listener's packets travel.</summary>
public enum ListenerTransport
{
    /// <summary>TCP, or a UNIX socket.</summary>
    Tcp,

    /// <summary>TLS over it.</summary>
    Tls,

    /// <summary>WebSocket messages over it (MQTT 5.0 section 6).</summary>
    Ws,

    /// <summary>WebSocket messages over TLS.</summary>
    Wss,

    /// <summary>One stream of a QUIC connection.</summary>
    Quic,
}
