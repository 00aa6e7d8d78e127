using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Messages;

/// <summary>Packs publishes, see <see cref="PublishRecord"/>; to be used again and again. Publishes that have an identity do not travel packed.</summary>
internal sealed class PublishPacker
{
    // Of a record, besides the publisher and the three parts.
    private const int LongestHead = 64;
    private const int LeastRoom = 4096;
    // What a large message has grown is given back.
    private const int MostRoom = 256 * 1024;
    private byte[] _bytes = [];
    private int _length;
    private string? _publisher;
    private LaneStamp _stamp;

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the records.</summary>
    public int Length => _length;

    /// <summary>Adds a publish with this place in its lane; default for none.</summary>
    public void Add(in PublishView publish, LaneStamp stamp)
    {
        var record = (PublishRecord)publish.QoS | (publish.Retain ? PublishRecord.Retain : 0);
        var room = LongestHead + publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;
        if (Count > 0 && publish.Publisher == _publisher) record |= PublishRecord.SamePublisher;
        else room += (publish.Publisher?.Length ?? 0) * 3;
        if (Count > 0 && IsNext(stamp)) record |= PublishRecord.NextStamp;
        if (publish.ExpiresAt != Message.Never) record |= PublishRecord.Expires;
        if (!publish.Properties.IsEmpty) record |= PublishRecord.Properties;
        Reserve(room);
        _bytes[_length++] = (byte)record;
        if ((record & PublishRecord.SamePublisher) == 0) PutPublisher(publish.Publisher);
        if ((record & PublishRecord.NextStamp) == 0) PutStamp(stamp);
        if ((record & PublishRecord.Expires) != 0) PutFixed(publish.ExpiresAt);
        if (publish.Retain) PutOrder(publish.Order);
        PutNumber((uint)publish.Topic.Length);
        if ((record & PublishRecord.Properties) != 0) PutNumber((uint)publish.Properties.Length);
        PutNumber((uint)publish.Payload.Length);
        Put(publish.Topic);
        Put(publish.Properties);
        Put(publish.Payload);
        (_publisher, _stamp) = (publish.Publisher, stamp);
        Count++;
    }

    /// <summary>Keeps the place of something that does not travel packed.</summary>
    public void AddOther()
    {
        Reserve(LongestHead);
        _bytes[_length++] = (byte)PublishRecord.Other;
        // Nothing precedes the next record that it could be compared with if this one is the first.
        if (Count++ == 0) (_publisher, _stamp) = (null, default);
    }

    /// <summary>What has been added; begins anew.</summary>
    public PackedPublishes Pack()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(_length);
        _bytes.AsSpan(0, _length).CopyTo(bytes);
        var packed = new PackedPublishes(ImmutableCollectionsMarshal.AsImmutableArray(bytes), Count);
        (_length, Count, _publisher) = (0, 0, null);
        if (_bytes.Length > MostRoom) _bytes = [];
        return packed;
    }

    private bool IsNext(LaneStamp stamp) =>
        _stamp.Number == 0 ? stamp.Number == 0 : stamp.Number == _stamp.Number + 1 && stamp.Lane == _stamp.Lane && stamp.Floor == _stamp.Floor;

    private void Reserve(int room)
    {
        if (_bytes.Length - _length >= room) return;
        Array.Resize(ref _bytes, Math.Max(Math.Max(LeastRoom, _length + room), _bytes.Length * 2));
    }

    private void PutPublisher(string? publisher)
    {
        if (publisher is null)
        {
            PutNumber(0);
            return;
        }
        PutNumber((uint)Encoding.UTF8.GetByteCount(publisher) + 1);
        _length += Encoding.UTF8.GetBytes(publisher, _bytes.AsSpan(_length));
    }

    private void PutStamp(LaneStamp stamp)
    {
        PutNumber((ulong)stamp.Number);
        if (stamp.Number == 0) return;
        PutFixed(stamp.Lane);
        PutNumber((ulong)(stamp.Number - stamp.Floor));
    }

    private void PutOrder(RetainedOrder? order)
    {
        PutNumber((ulong)(order?.Number.Count ?? 0));
        if (order is not null) PutFixed(order.Number.Epoch);
    }

    private void PutFixed(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(long);
    }

    private void PutNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes[_length++] = (byte)(value | 0x80);
        _bytes[_length++] = (byte)value;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
