using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>Turns bytes, cut anywhere, into packets; keeps the bytes of an unfinished packet.</summary>
internal sealed class PacketFeed
{
    /// <summary>Larger than any packet: the longest header and the largest remaining length.</summary>
    public const uint NoLimit = FrameHeader.MaximumLength + VariableByteInteger.Maximum;

    private const int KeptCapacity = 4_096;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>The largest packet to accept, in bytes.</summary>
    public uint MaximumPacketSize { get; set; } = NoLimit;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _buffer.Length)
        {
            var kept = _end - _start;
            var target = kept + bytes.Length <= _buffer.Length
                ? _buffer
                : new byte[Math.Max(kept + bytes.Length, Math.Min(2 * _buffer.Length, Array.MaxLength))];
            _buffer.AsSpan(_start, kept).CopyTo(target);
            (_buffer, _start, _end) = (target, 0, kept);
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            Append(segment.Span);
        }
    }

    /// <summary>Takes the next whole packet. False if there is none, and if what there is is invalid: then with an error.</summary>
    public bool TryRead(ProtocolVersion version, out Packet? packet, out ProtocolError? error)
    {
        packet = null;
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (FrameHeader.TryParse(bytes, MaximumPacketSize, out var header, out error) != FrameStatus.Complete)
        {
            return false;
        }

        error = PacketDecoder.Decode(header.FirstByte, bytes[header.HeaderLength..header.TotalLength], version, out packet);
        _start += header.TotalLength;
        if (_start == _end)
        {
            Clear();
        }

        return error is null;
    }

    /// <summary>Forgets all bytes, and gives back what a large packet took.</summary>
    public void Clear()
    {
        _start = _end = 0;
        if (_buffer.Length > KeptCapacity)
        {
            _buffer = [];
        }
    }
}
