namespace OrleansMqtt.Protocol.Sessions;

/// <summary>How far a <see cref="BrokerClientMachine"/> is.</summary>
public enum BrokerClientState
{
    /// <summary>Nothing but CONNECT may come [MQTT-3.1.0-1].</summary>
    AwaitingConnect,

    /// <summary>CONNECT came; the broker has to acknowledge it.</summary>
    Connecting,

    /// <summary>The connection is accepted.</summary>
    Connected,

    /// <summary>The connection is over: the shell sends what is outbound and closes the transport.</summary>
    Disconnected,
}
