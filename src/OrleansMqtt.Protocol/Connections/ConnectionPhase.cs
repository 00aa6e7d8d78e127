namespace OrleansMqtt.Protocol.Connections;

/// <summary>Where a server-side connection stands in its life.</summary>
public enum ConnectionPhase
{
    /// <summary>Nothing but CONNECT may come [MQTT-3.1.0-1].</summary>
    AwaitingConnect,

    /// <summary>CONNECT has come; the server has not answered with CONNACK yet. Only AUTH may come, or a DISCONNECT of 5.0.</summary>
    Connecting,

    /// <summary>CONNACK with success has been sent; everything but a second CONNECT may come [MQTT-3.1.0-2].</summary>
    Connected,

    /// <summary>The connection has ended, by DISCONNECT or by an error; what still comes is not read.</summary>
    Closed,
}
