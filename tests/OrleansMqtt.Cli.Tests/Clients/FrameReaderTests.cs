using System.Buffers;
using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Tests.Clients;

public sealed class FrameReaderTests
{
    private static readonly byte[] Bytes =
    [
        .. PacketEncoder.Encode(new PublishPacket { Topic = "a", Payload = new byte[200] }, ProtocolVersion.V311),
        .. PacketEncoder.Encode(PingRespPacket.Instance, ProtocolVersion.V311),
        .. PacketEncoder.Encode(new PublishPacket { Topic = "b", Payload = new byte[3] }, ProtocolVersion.V311),
    ];

    private readonly FrameReader _reader = new();
    private readonly List<PacketType> _taken = [];

    [Fact]
    public void Packets_come_out_whole_wherever_the_buffers_are_cut()
    {
        for (var first = 0; first <= Bytes.Length; first++)
        {
            for (var second = first; second <= Bytes.Length; second++)
            {
                _taken.Clear();
                var buffer = Segment.Join(Bytes.AsMemory(..first), Bytes.AsMemory(first..second), Bytes.AsMemory(second..));
                var left = buffer.Slice(Read(buffer, out var error)).Length;
                Assert.True(left == 0, $"cut at {first} and {second}: {left} bytes left, taken {string.Join(' ', _taken)}");
                Assert.Null(error);
                Assert.Equal([PacketType.Publish, PacketType.PingResp, PacketType.Publish], _taken);
            }
        }
    }

    [Fact]
    public void An_unfinished_packet_stays()
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.AsMemory(..^1));
        Assert.Equal(Bytes.Length - 206 - 2, buffer.Slice(Read(buffer, out _)).Length + 1);
        Assert.Equal([PacketType.Publish, PacketType.PingResp], _taken);
    }

    [Fact]
    public void What_is_no_packet_is_an_error()
    {
        Read(new ReadOnlySequence<byte>([.. Bytes, 0x00, 0x00]), out var error);
        Assert.NotNull(error);
        Assert.Equal(3, _taken.Count);
    }

    private SequencePosition Read(ReadOnlySequence<byte> buffer, out ProtocolError? error) => _reader.Read(buffer, Take, 0, out error);

    private bool Take(FrameHeader header, ReadOnlySpan<byte> packet, long now)
    {
        Assert.Null(PacketDecoder.Decode(header.FirstByte, packet[header.HeaderLength..], ProtocolVersion.V311, out _));
        Assert.Equal(header.TotalLength, packet.Length);
        _taken.Add(header.Type);
        return true;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(params ReadOnlyMemory<byte>[] parts)
        {
            var first = new Segment { Memory = parts[0] };
            var last = first;
            foreach (var part in parts.Skip(1))
            {
                var next = new Segment { Memory = part, RunningIndex = last.RunningIndex + last.Memory.Length };
                last.Next = next;
                last = next;
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
