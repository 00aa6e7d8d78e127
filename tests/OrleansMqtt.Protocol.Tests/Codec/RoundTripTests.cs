using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class RoundTripTests(ITestOutputHelper output)
{
    public static MatrixTheoryData<PacketType, ProtocolVersion> Kinds => new(Enum.GetValues<PacketType>(), Enum.GetValues<ProtocolVersion>());

    [Theory]
    [MemberData(nameof(Kinds))]
    [Normative("5.0", "MQTT-1.5.4-3")]
    public void What_is_encoded_decodes_to_the_same_packet(PacketType type, ProtocolVersion version)
    {
        Assert.SkipWhen(type == PacketType.Auth && version != ProtocolVersion.V50, "AUTH exists in 5.0 only.");
        var generator = new PacketGenerator(new Random(TestSeed.Take(output)));
        for (var round = 0; round < 1_000; round++)
        {
            var packet = generator.Next(type, version);
            var bytes = PacketEncoder.Encode(packet, version);

            Assert.Equal(bytes.Length, PacketEncoder.GetLength(packet, version));
            Assert.Equal(PacketText.Describe(packet), PacketText.Describe(Frames.DecodeValid(bytes, version)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packet_cut_short_is_never_taken_for_whole(PacketType type, ProtocolVersion version)
    {
        Assert.SkipWhen(type == PacketType.Auth && version != ProtocolVersion.V50, "AUTH exists in 5.0 only.");
        var generator = new PacketGenerator(new Random(TestSeed.Take(output)));
        for (var round = 0; round < 20; round++)
        {
            var bytes = PacketEncoder.Encode(generator.Next(type, version), version);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(FrameStatus.Incomplete, FrameHeader.TryParse(bytes.AsSpan(0, length), uint.MaxValue, out var header, out _));
                Assert.True(header.TotalLength == 0 || header.TotalLength == bytes.Length);
            }
        }
    }

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("5.0", "MQTT-6.0.0-2")]
    [Normative("3.1.1", "MQTT-6.0.0-2")]
    public void A_stream_of_packets_is_the_same_however_it_is_cut(ProtocolVersion version)
    {
        var random = new Random(TestSeed.Take(output));
        var generator = new PacketGenerator(random);
        for (var round = 0; round < 200; round++)
        {
            var packets = new Packet[random.Next(1, 8)];
            for (var i = 0; i < packets.Length; i++)
            {
                var last = version == ProtocolVersion.V50 ? PacketType.Auth : PacketType.Disconnect;
                packets[i] = generator.Next((PacketType)random.Next(1, (int)last + 1), version);
            }

            byte[] stream = [.. packets.SelectMany(packet => PacketEncoder.Encode(packet, version))];
            var cuts = new int[random.Next(12)];
            for (var i = 0; i < cuts.Length; i++) cuts[i] = random.Next(stream.Length + 1);
            Array.Sort(cuts);
            Assert.Equal(packets.Select(PacketText.Describe), DecodeAll(Segments.Split(stream, cuts), version));
        }
    }

    private static IEnumerable<string> DecodeAll(ReadOnlySequence<byte> stream, ProtocolVersion version)
    {
        while (!stream.IsEmpty)
        {
            Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse(stream, uint.MaxValue, out var header, out _));
            var body = stream.Slice(header.HeaderLength, header.BodyLength).ToArray();
            Assert.Null(PacketDecoder.Decode(header.FirstByte, body, version, out var packet));
            yield return PacketText.Describe(packet);
            stream = stream.Slice(header.TotalLength);
        }
    }
}
