using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Writes the fields of a packet from front to back, or only measures them: one description of a packet serves for both, so
/// that the announced length and the bytes cannot differ.</summary>
internal ref struct PacketWriter
{
    private readonly Span<byte> _destination;
    private readonly bool _measuring;
    private long _length;

    internal PacketWriter(Span<byte> destination) => _destination = destination;

    private PacketWriter(bool measuring) => _measuring = measuring;

    /// <summary>Writes a part of a packet.</summary>
    internal delegate void Part<TPacket>(ref PacketWriter writer, TPacket packet);

    /// <summary>Bytes written or measured so far.</summary>
    internal readonly long Length => _length;

    private readonly Span<byte> Free => _destination[(int)_length..];

    internal static PacketWriter Measuring() => new(measuring: true);

    internal void Byte(byte value)
    {
        if (!_measuring) Free[0] = value;
        _length++;
    }

    internal void UInt16(ushort value)
    {
        if (!_measuring) BinaryPrimitives.WriteUInt16BigEndian(Free, value);
        _length += sizeof(ushort);
    }

    internal void UInt32(uint value)
    {
        if (!_measuring) BinaryPrimitives.WriteUInt32BigEndian(Free, value);
        _length += sizeof(uint);
    }

    internal void Variable(long value)
    {
        if (value > VariableByteInteger.Maximum) throw new ArgumentException("A number or length is above 268,435,455.", nameof(value));
        _length += _measuring ? VariableByteInteger.GetLength((uint)value) : VariableByteInteger.Write(Free, (uint)value);
    }

    internal void Bytes(ReadOnlySpan<byte> value)
    {
        if (!_measuring) value.CopyTo(Free);
        _length += value.Length;
    }

    internal void Binary(ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue) throw new ArgumentException("A binary value takes more than 65,535 bytes.", nameof(value));
        UInt16((ushort)value.Length);
        Bytes(value);
    }

    internal void Text(string value)
    {
        var length = Utf8Text.GetLength(value);
        UInt16((ushort)length);
        if (!_measuring) Utf8Text.Write(Free, value);
        _length += length;
    }

    /// <summary>A topic name: not empty, no wildcards [MQTT-3.3.2-2], [MQTT-4.7.3-1].</summary>
    internal void TopicName(string value)
    {
        if (value.Length == 0 || value.AsSpan().ContainsAny('+', '#'))
            throw new ArgumentException("A topic name is empty or contains a wildcard.", nameof(value));
        Text(value);
    }

    internal void PacketId(ushort value)
    {
        if (value == 0) throw new ArgumentException("Packet identifier 0 is not allowed.", nameof(value)); // [MQTT-2.2.1-3]
        UInt16(value);
    }

    /// <summary>A property section with its length prefix.</summary>
    internal void Section<TPacket>(TPacket packet, Part<TPacket> properties)
    {
        var measure = Measuring();
        properties(ref measure, packet);
        Variable(measure.Length);
        if (_measuring) _length += measure.Length;
        else properties(ref this, packet);
    }

    internal void Property(PropertyId id, bool? value)
    {
        if (value is not { } present) return;
        Byte((byte)id);
        Byte(present ? (byte)1 : (byte)0);
    }

    internal void Property(PropertyId id, ushort? value)
    {
        if (value is not { } present) return;
        Byte((byte)id);
        UInt16(present);
    }

    internal void Property(PropertyId id, uint? value)
    {
        if (value is not { } present) return;
        Byte((byte)id);
        UInt32(present);
    }

    internal void Property(PropertyId id, string? value)
    {
        if (value is null) return;
        Byte((byte)id);
        if (id == PropertyId.ResponseTopic) TopicName(value);
        else Text(value);
    }

    internal void Property(PropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } present) return;
        Byte((byte)id);
        Binary(present.Span);
    }

    internal void SubscriptionIdentifier(uint value)
    {
        if (value == 0) throw new ArgumentException("Subscription identifier 0 is not allowed.", nameof(value));
        Byte((byte)PropertyId.SubscriptionIdentifier);
        Variable(value);
    }

    internal void UserProperties(IReadOnlyList<UserProperty> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            Byte((byte)PropertyId.UserProperty);
            Text(properties[i].Name);
            Text(properties[i].Value);
        }
    }
}
