using System.Buffers;
using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>Cuts what was read into packets. Only a packet that lies across two buffers is copied.</summary>
internal sealed class FrameReader
{
    private byte[] _copy = [];

    /// <summary>Takes one packet; false ends the reading.</summary>
    /// <param name="header">Its fixed header.</param>
    /// <param name="packet">The whole packet.</param>
    /// <param name="now">When it was read.</param>
    public delegate bool Take(FrameHeader header, ReadOnlySpan<byte> packet, long now);

    /// <summary>Hands all whole packets to <paramref name="take"/>.</summary>
    /// <param name="buffer">What was read.</param>
    /// <param name="take">Gets each packet.</param>
    /// <param name="now">When it was read.</param>
    /// <param name="error">What is no packet, or null.</param>
    /// <returns>Up to where the packets were taken.</returns>
    public SequencePosition Read(ReadOnlySequence<byte> buffer, Take take, long now, out ProtocolError? error)
    {
        while (true)
        {
            var bytes = buffer.FirstSpan;
            var isLast = buffer.IsSingleSegment; // Asked before the buffer is cut, which may move it on into the last segment.
            var position = 0;
            FrameHeader header;
            while (FrameHeader.TryParse(bytes[position..], uint.MaxValue, out header, out error) == FrameStatus.Complete)
            {
                var packet = bytes.Slice(position, header.TotalLength);
                position += header.TotalLength;
                if (!take(header, packet, now)) return buffer.GetPosition(position);
            }

            buffer = buffer.Slice(position);
            if (error is not null || isLast) return buffer.Start;
            if (FrameHeader.TryParse(buffer, uint.MaxValue, out header, out error) != FrameStatus.Complete) return buffer.Start;
            if (_copy.Length < header.TotalLength) _copy = new byte[header.TotalLength];
            buffer.Slice(0, header.TotalLength).CopyTo(_copy);
            buffer = buffer.Slice(header.TotalLength);
            if (!take(header, _copy.AsSpan(0, header.TotalLength), now)) return buffer.Start;
        }
    }
}
