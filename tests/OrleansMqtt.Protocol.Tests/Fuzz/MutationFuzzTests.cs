using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Fuzz;

/// <summary>A million damaged packets: none may throw, each refusal has a reason code that the codec may give, and what is accepted means
/// the same after it was encoded again.</summary>
public sealed class MutationFuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 1_000_000;

    private static readonly ReasonCode[] Reasons =
    [
        ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.UnsupportedProtocolVersion, ReasonCode.TopicNameInvalid,
        ReasonCode.TopicAliasInvalid, ReasonCode.PacketTooLarge,
    ];

    private static readonly ProtocolVersion[] Versions = Enum.GetValues<ProtocolVersion>();

    private int _accepted;

    [Fact]
    public void Damaged_packets_are_refused_or_mean_something()
    {
        var seed = TestSeed.Take(output);
        var random = new Random(seed);
        var corpus = WholeCorpus.Packets.Select(entry => (entry.Bytes, entry.Version)).ToArray();
        var mutation = new Mutation(random, [.. corpus.Select(entry => entry.Bytes)]);
        var buffer = new byte[400];
        for (var round = 0; round < Rounds; round++)
        {
            var (source, version) = corpus[random.Next(corpus.Length)];
            if (random.Next(8) == 0) version = Versions[random.Next(Versions.Length)];
            var bytes = buffer.AsSpan(0, mutation.Apply(source, buffer));
            try
            {
                Check(bytes, version);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}, round {round}, {version}, {Convert.ToHexString(bytes)}: {exception}");
            }
        }

        output.WriteLine($"{_accepted} of {Rounds} accepted");
        // If nearly all were refused at the door, the test would prove little.
        Assert.InRange(_accepted, Rounds / 50, Rounds);
    }

    private void Check(ReadOnlySpan<byte> bytes, ProtocolVersion version)
    {
        var status = FrameHeader.TryParse(bytes, 300, out var header, out var error);
        Assert.Equal(status == FrameStatus.Invalid, error is not null);
        if (error is not null) Assert.Contains(error.Reason, Reasons);
        if (status == FrameStatus.Invalid || header.HeaderLength == 0) return;

        // A body that is shorter than announced is no input of the decoders, but they must stand it.
        var body = bytes[header.HeaderLength..Math.Min(bytes.Length, header.TotalLength)];
        error = PacketDecoder.Decode(header.FirstByte, body, version, out var packet);
        Assert.Equal(error is null, packet is not null);
        CheckFrames(header, body, version, error);
        if (packet is null)
        {
            Assert.Contains(error!.Reason, Reasons);
            return;
        }

        _accepted++;
        if (packet is ConnectPacket connect) version = connect.Version;
        var encoded = PacketEncoder.Encode(packet, version);
        Assert.Equal(PacketText.Describe(packet), PacketText.Describe(Frames.DecodeValid(encoded, version)));
    }

    private static void CheckFrames(FrameHeader header, ReadOnlySpan<byte> body, ProtocolVersion version, ProtocolError? error)
    {
        switch (header.Type)
        {
            case PacketType.Publish:
                Assert.Equal(error, PublishFrame.TryDecode(header.FirstByte, body, version, PublishOrigin.Server, out _));
                if (PublishFrame.TryDecode(header.FirstByte, body, version, PublishOrigin.Client, out var frame) is { } refusal)
                {
                    Assert.Contains(refusal.Reason, Reasons);
                    break;
                }

                Assert.Null(error);
                Span<byte> forwarded = stackalloc byte[frame.ForwardedPropertiesLength];
                frame.CopyForwardedProperties(forwarded);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Assert.Equal(error, AcknowledgementFrame.TryDecode(header.FirstByte, body, version, out _));
                break;
        }
    }
}
