using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Reads a property section property by property, and refuses each that breaks a rule. Allocates nothing.</summary>
public ref struct PropertyReader
{
    private readonly ReadOnlySpan<byte> _section;
    private readonly PropertyLocation _location;
    private int _position;
    private ulong _seen;

    /// <summary>Begins before the first property.</summary>
    /// <param name="section">The section without its length prefix.</param>
    /// <param name="location">Where it stands.</param>
    public PropertyReader(ReadOnlySpan<byte> section, PropertyLocation location)
    {
        _section = section;
        _location = location;
    }

    /// <summary>Which property was read.</summary>
    public PropertyId Id { get; private set; }

    /// <summary>Where in the section it begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where in the section it ends: the next one's beginning.</summary>
    public readonly int End => _position;

    /// <summary>Its value if it is a number of any width.</summary>
    public uint Number { get; private set; }

    /// <summary>Its value if it is a text or binary; the name if it is a pair.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of a pair.</summary>
    public ReadOnlySpan<byte> SecondBytes { get; private set; }

    /// <summary>Why the section is refused, or null.</summary>
    public ProtocolError? Error { get; private set; }

    /// <summary>Reads the next property. False at the end, and at an <see cref="Error"/>.</summary>
    public bool Read()
    {
        if (_position >= _section.Length || Error is not null) return false;
        Start = _position;
        // Identifiers are variable byte integers, but all that exist take one byte, and longer forms of these are not minimal.
        Id = (PropertyId)_section[_position++];
        var type = PropertyRules.GetPropertyType(Id);
        if (type == PropertyType.None) return Fail(ProtocolErrors.PropertyUnknown);
        if (!PropertyRules.IsAllowed(Id, _location)) return Fail(ProtocolErrors.PropertyMisplaced);
        var bit = 1UL << (int)Id;
        if ((_seen & bit) != 0 && !PropertyRules.MayRepeat(Id, _location)) return Fail(ProtocolErrors.PropertyRepeated);
        _seen |= bit;
        return ReadValue(type) ? CheckRange() : Fail(ProtocolErrors.PropertyTruncated);
    }

    private bool ReadValue(PropertyType type)
    {
        var rest = _section[_position..];
        switch (type)
        {
            case PropertyType.Byte:
                if (rest.IsEmpty) return false;
                Number = rest[0];
                _position++;
                return true;
            case PropertyType.TwoByteInteger:
                if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out var word)) return false;
                Number = word;
                _position += sizeof(ushort);
                return true;
            case PropertyType.FourByteInteger:
                if (!BinaryPrimitives.TryReadUInt32BigEndian(rest, out var number)) return false;
                Number = number;
                _position += sizeof(uint);
                return true;
            case PropertyType.VariableByteInteger:
                if (VariableByteInteger.TryRead(rest, out number, out var length) != FrameStatus.Complete) return false;
                Number = number;
                _position += length;
                return true;
            case PropertyType.Binary:
                Bytes = ReadBytes(out var whole);
                return whole;
            case PropertyType.Text:
                Bytes = ReadBytes(out whole);
                return whole && Utf8Text.IsValid(Bytes);
            default:
                Bytes = ReadBytes(out whole);
                if (!whole || !Utf8Text.IsValid(Bytes)) return false;
                SecondBytes = ReadBytes(out whole);
                return whole && Utf8Text.IsValid(SecondBytes); // [MQTT-1.5.7-1]
        }
    }

    private ReadOnlySpan<byte> ReadBytes(out bool whole)
    {
        var rest = _section[_position..];
        whole = BinaryPrimitives.TryReadUInt16BigEndian(rest, out var length) && rest.Length >= sizeof(ushort) + length;
        if (!whole) return default;
        _position += sizeof(ushort) + length;
        return rest.Slice(sizeof(ushort), length);
    }

    private bool CheckRange()
    {
        switch (Id)
        {
            case PropertyId.TopicAlias:
                return Number != 0 || Fail(ProtocolErrors.TopicAliasZero); // [MQTT-3.3.2-8]
            case PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier:
                return Number != 0 || Fail(ProtocolErrors.PropertyOutOfRange);
            case PropertyId.ResponseTopic: // [MQTT-3.3.2-14], [MQTT-4.7.3-1]
                return (!Bytes.IsEmpty && !Bytes.ContainsAny((byte)'+', (byte)'#')) || Fail(ProtocolErrors.ResponseTopic);
            default: // Every property of one byte is 0 or 1.
                return Number <= 1 || PropertyRules.GetPropertyType(Id) != PropertyType.Byte || Fail(ProtocolErrors.PropertyOutOfRange);
        }
    }

    private bool Fail(ProtocolError error)
    {
        Error = error;
        return false;
    }
}
