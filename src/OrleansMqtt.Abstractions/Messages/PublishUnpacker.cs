using System.Buffers.Binary;
using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Messages;

/// <summary>Reads what <see cref="PublishPacker"/> has packed, without copying it.</summary>
/// <exception cref="InvalidDataException">From each member: it is not packed publishes.</exception>
internal ref struct PublishUnpacker
{
    private ReadOnlySpan<byte> _rest;
    private int _left;
    private string? _publisher;
    private LaneStamp _stamp;

    public PublishUnpacker(PackedPublishes packed)
    {
        _rest = packed.Bytes.AsSpan();
        _left = packed.Count;
        // Whoever reads them makes room for as many as they are said to be.
        if ((uint)_left > (uint)_rest.Length) throw TooShort();
    }

    /// <summary>Reads the next record: false when there is none. <paramref name="isOther"/> where it only keeps the place of something else.</summary>
    public bool TryRead(out PublishView publish, out bool isOther)
    {
        publish = default;
        isOther = false;
        if (_left == 0) return false;
        _left--;
        var record = (PublishRecord)Take(1)[0];
        if (record == PublishRecord.Other)
        {
            isOther = true;
            return true;
        }
        if (record >= PublishRecord.Other || (record & PublishRecord.QoS) == PublishRecord.QoS) throw new InvalidDataException($"A packed publish begins with {(byte)record:x2}.");
        if ((record & PublishRecord.SamePublisher) == 0) _publisher = TakePublisher();
        if ((record & PublishRecord.NextStamp) == 0) _stamp = TakeStamp();
        else if (_stamp.Number != 0) _stamp = _stamp with { Number = _stamp.Number + 1 };
        var expiresAt = (record & PublishRecord.Expires) == 0 ? Message.Never : TakeFixed();
        var order = (record & PublishRecord.Retain) == 0 ? null : TakeOrder();
        var topic = TakeLength();
        var properties = (record & PublishRecord.Properties) == 0 ? 0 : TakeLength();
        var payload = TakeLength();
        publish = new PublishView
        {
            Topic = Take(topic),
            Properties = Take(properties),
            Payload = Take(payload),
            ExpiresAt = expiresAt,
            Publisher = _publisher,
            QoS = (QualityOfService)(record & PublishRecord.QoS),
            Retain = (record & PublishRecord.Retain) != 0,
            Stamp = _stamp,
            Order = order,
        };
        return true;
    }

    private string? TakePublisher()
    {
        var length = TakeLength();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1));
    }

    private LaneStamp TakeStamp()
    {
        var number = (long)TakeNumber();
        if (number == 0) return default;
        var lane = TakeFixed();
        return new LaneStamp(lane, number, number - (long)TakeNumber());
    }

    private RetainedOrder? TakeOrder()
    {
        var count = (long)TakeNumber();
        return count == 0 ? null : new RetainedOrder(TakeFixed(), count);
    }

    private long TakeFixed() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    private int TakeLength()
    {
        var length = TakeNumber();
        return length <= (ulong)_rest.Length ? (int)length : throw TooShort();
    }

    private ulong TakeNumber()
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
        throw new InvalidDataException("A number of a packed publish is too long.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw TooShort();
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private static InvalidDataException TooShort() => new("Packed publishes end in the middle of one.");
}
