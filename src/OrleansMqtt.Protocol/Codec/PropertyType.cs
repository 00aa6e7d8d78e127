namespace OrleansMqtt.Protocol.Codec;

/// <summary>Data type of a property's value (MQTT 5.0 section 1.5).</summary>
public enum PropertyType : byte
{
    /// <summary>There is no such property.</summary>
    None,

    /// <summary>One byte.</summary>
    Byte,

    /// <summary>Two bytes, big-endian.</summary>
    TwoByteInteger,

    /// <summary>Four bytes, big-endian.</summary>
    FourByteInteger,

    /// <summary>Variable byte integer.</summary>
    VariableByteInteger,

    /// <summary>UTF-8 text with a length prefix of two bytes.</summary>
    Text,

    /// <summary>Bytes with a length prefix of two bytes.</summary>
    Binary,

    /// <summary>Two texts.</summary>
    TextPair,
}
