namespace OrleansMqtt.Handlers;

/// <summary>When a publisher is told that its message has been taken: PUBACK at QoS 1, PUBREC or PUBCOMP at QoS 2.</summary>
public enum AckMode
{
    /// <summary>
    /// When the message has been routed: it waits in memory for the handler, and is lost with the silo that has routed it. If more wait than there is room for, when it has been handled; QoS 0 is
    /// dropped then.
    /// </summary>
    Routed,

    /// <summary>
    /// When the handler has returned. If it fails for good, a 5.0 publisher gets 0x83 Implementation specific error; one of an older version, which can be told nothing but that its message was
    /// taken, is acknowledged when the dead letter has been published. A message that comes by PUBREL has been taken before, and is treated so as well.
    /// </summary>
    Handled,
}
