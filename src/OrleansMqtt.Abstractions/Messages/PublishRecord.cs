namespace OrleansMqtt.Messages;

/// <summary>
/// How a publish is packed: this byte, then whatever it says is there, in this order:
/// <list type="bullet">
/// <item>unless <see cref="SamePublisher"/>: length of the publisher's client identifier plus one, and its UTF-8; 0 for the broker itself;</item>
/// <item>unless <see cref="NextStamp"/>: number in the lane, 0 for none; otherwise the lane, 8 bytes, and how far its floor is below the number;</item>
/// <item>with <see cref="Expires"/>: when, 8 bytes;</item>
/// <item>with <see cref="Retain"/>: number among what its publisher has retained, 0 for none; otherwise the epoch, 8 bytes;</item>
/// <item>length of the topic; with <see cref="Properties"/> length of the properties; length of the payload; the three themselves.</item>
/// </list>
/// Lengths and numbers are variable, least significant seven bits first; 8 bytes are little-endian. A record with <see cref="Other"/> is that byte alone.
/// </summary>
[Flags]
internal enum PublishRecord : byte
{
    None = 0,

    /// <summary>The bits of the quality of service.</summary>
    QoS = 0x03,

    Retain = 0x04,

    /// <summary>The message expires.</summary>
    Expires = 0x08,

    /// <summary>The message has properties.</summary>
    Properties = 0x10,

    /// <summary>The publisher is that of the record before.</summary>
    SamePublisher = 0x20,

    /// <summary>The next number of the lane of the record before, with the same floor; none if that had none.</summary>
    NextStamp = 0x40,

    /// <summary>Something else, which does not travel packed, has its place here.</summary>
    Other = 0x80,
}
