namespace OrleansMqtt.Gateway.Hooks;

/// <summary>Which way a packet goes.</summary>
public enum PacketDirection
{
    /// <summary>From the client to the broker.</summary>
    Received,

    /// <summary>From the broker to the client.</summary>
    Sent,
}
