namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// What follows a tag, so that who does not know a field can pass over it. A tag is one byte: the wire type in the low three bits and
/// above them, for a field, how many ids it skips (31: that number follows less 31, as a varint), for <see cref="End"/> how many groups
/// of fields it goes on (0: the object ends), otherwise 0.
/// </summary>
internal enum WireType : byte
{
    /// <summary>Nothing follows: null.</summary>
    Null,

    /// <summary>A number, seven bits a byte, the lowest first; signed ones zig-zag.</summary>
    Varint,

    /// <summary>Eight bytes, little-endian.</summary>
    Fixed64,

    /// <summary>A length as a varint, and as many bytes.</summary>
    Bytes,

    /// <summary>Fields by rising id, group by group, until <see cref="End"/>.</summary>
    Object,

    /// <summary>The name of a type like <see cref="Bytes"/>, then as <see cref="Object"/>.</summary>
    NamedObject,

    /// <summary>A count as a varint, and as many values, each with its tag.</summary>
    Sequence,

    /// <summary>The end of a group of fields or of the object.</summary>
    End,
}
