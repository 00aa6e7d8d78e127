using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class AllocationTests
{
    private static readonly uint[] Identifiers = [1, 300];

    private readonly byte[] _buffer = new byte[512];

    [Theory]
    [InlineData("30(<a/b>'payload')", ProtocolVersion.V311)]
    [InlineData("32(<a/b>0001()'payload')", ProtocolVersion.V50)]
    [InlineData("34(<a/b>0001(0101 0200000001 230001 08<r> 090001FF 26<k><v> 03<c>)'payload')", ProtocolVersion.V50)]
    public void A_PUBLISH_is_read_and_written_without_allocation(string notation, ProtocolVersion version)
    {
        var bytes = Notation.Parse(notation);
        AssertNoAllocation(() =>
        {
            FrameHeader.TryParse(bytes, 1_000, out var header, out _);
            PublishFrame.TryDecode(bytes[0], bytes.AsSpan(header.HeaderLength), version, PublishOrigin.Client, out var frame);
            frame.CopyForwardedProperties(_buffer);
            PublishEncoder.Write(
                _buffer.AsSpan(128), version, frame.QoS, frame.Retain, false, frame.Topic, frame.PacketId, frame.TopicAlias, 5, Identifiers,
                _buffer.AsSpan(0, frame.ForwardedPropertiesLength), frame.Payload, out _);
        });
    }

    [Theory]
    [InlineData("40(0001)", ProtocolVersion.V311)]
    [InlineData("62(000192)", ProtocolVersion.V50)]
    [InlineData("50(000187(1F<reason>26<k><v>))", ProtocolVersion.V50)]
    public void An_acknowledgement_is_read_and_written_without_allocation(string notation, ProtocolVersion version)
    {
        var bytes = Notation.Parse(notation);
        AssertNoAllocation(() =>
        {
            FrameHeader.TryParse(bytes, 1_000, out var header, out _);
            AcknowledgementFrame.TryDecode(bytes[0], bytes.AsSpan(header.HeaderLength), version, out var frame);
            AcknowledgementEncoder.Write(_buffer, frame.Type, frame.PacketId, frame.ReasonCode, version);
        });
    }

    [Fact]
    public void Every_refusal_of_the_corpus_is_made_without_allocation()
    {
        foreach (var entry in WholeCorpus.Packets.Where(entry => entry.Refusal is not null))
        {
            var bytes = entry.Bytes;
            AssertNoAllocation(() =>
            {
                if (FrameHeader.TryParse(bytes, 1_000, out var header, out _) == FrameStatus.Invalid) return;
                PacketDecoder.Decode(bytes[0], bytes.AsSpan(header.HeaderLength), entry.Version, out _);
            });
        }
    }

    [Fact]
    public void A_header_cut_into_pieces_is_read_without_allocation()
    {
        var sequence = Segments.Split(Notation.Parse("30(<a/b>'payload')"), 1, 2);
        AssertNoAllocation(() => FrameHeader.TryParse(sequence, 1_000, out _, out _));
    }

    private static void AssertNoAllocation(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) action();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
