namespace OrleansMqtt.Gateway.Hosting;

/// <summary>What a listener does wrong on purpose, so that people who write clients see what theirs make of it. The default does nothing wrong. The names in parentheses are those of curl's <c>mqttd.config</c>.</summary>
public sealed record FaultProfile
{
    /// <summary>Whether SUBACK waits for the first PUBLISH behind it, and comes after it (PUBLISH-before-SUBACK). Without one it never comes.</summary>
    public bool PublishBeforeSubAck { get; init; }

    /// <summary>Whether the first PUBLISH lacks its last two bytes, with which the connection ends (short-PUBLISH).</summary>
    public bool ShortPublish { get; init; }

    /// <summary>
    /// The return code with which every CONNECT is refused before the broker hears of it, 1 to 255; 0: none is (error-CONNACK). Clients of 5.0 get the reason code of the same meaning for 1 to 5, the code itself
    /// where 5.0 allows it in CONNACK, and else 0x80.
    /// </summary>
    public byte ErrorConnAck { get; init; }

    /// <summary>Whether each PUBLISH has the remaining length FF FF FF 80, which is none: its fourth byte says that a fifth one follows (excessive-remaining).</summary>
    public bool ExcessiveRemaining { get; init; }

    /// <summary>The protocol level that clients must have in CONNECT, 3 for 3.1, 4 for 3.1.1, 5; others are closed without a word. Null: any (version).</summary>
    public byte? Version { get; init; }

    /// <summary>
    /// The number of one of curl's test files; 0: none (Testnum). The client gets the part reply/data of the file as a PUBLISH of QoS 0 behind the first SUBACK, on the first topic filter that it has subscribed to, then DISCONNECT,
    /// with which the connection ends.
    /// </summary>
    public int TestNumber { get; init; }

    /// <summary>The remaining length that CONNACK announces, whatever follows, 1 to 255; 0: the right one (remlen-CONNACK).</summary>
    public byte ConnAckRemaining { get; init; }

    /// <summary>Whether CONNACK bears the packet type of PINGRESP (PINGRESP-as-CONNACK).</summary>
    public bool PingRespAsConnAck { get; init; }

    /// <summary>Whether each DISCONNECT is E0 02 00 00, with two bytes that 3.1.1 does not have (DISCONNECT-malformed).</summary>
    public bool MalformedDisconnect { get; init; }
}
