using OrleansMqtt.Cli.Bench.Messages;
using static OrleansMqtt.Cli.Bench.Messages.InflightStep;
using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Protocol.Packets.PacketType;

namespace OrleansMqtt.Cli.Tests.Messages;

public sealed class InflightWindowTests
{
    [Fact]
    public void Identifiers_come_back_in_the_order_of_their_acknowledgements()
    {
        var window = new InflightWindow(3, QualityOfService.AtLeastOnce);
        Assert.Equal((1, 2, 3, 0), (window.Take(), window.Take(), window.Take(), window.FreeCount));
        Assert.Equal(Finished, window.Acknowledge(PubAck, 2, ReasonCode.Success));
        Assert.Equal(Finished, window.Acknowledge(PubAck, 1, ReasonCode.NoMatchingSubscribers));
        Assert.Equal((2, 2, 1), (window.FreeCount, window.Take(), window.Take()));
    }

    [Fact]
    public void Quality_of_service_2_takes_two_steps()
    {
        var window = new InflightWindow(1, QualityOfService.ExactlyOnce);
        window.Take();
        Assert.Equal(Violation, window.Acknowledge(PubComp, 1, ReasonCode.Success));
        Assert.Equal(Release, window.Acknowledge(PubRec, 1, ReasonCode.Success));
        Assert.Equal(0, window.FreeCount);
        Assert.Equal(Violation, window.Acknowledge(PubRec, 1, ReasonCode.Success));
        Assert.Equal(Finished, window.Acknowledge(PubComp, 1, ReasonCode.PacketIdentifierNotFound));
        Assert.Equal(1, window.FreeCount);
    }

    [Theory]
    [InlineData(1, PubAck)]
    [InlineData(2, PubRec)]
    public void A_refusal_frees_the_identifier(int qos, PacketType answer)
    {
        var window = new InflightWindow(1, (QualityOfService)qos);
        window.Take();
        Assert.Equal(Refused, window.Acknowledge(answer, 1, ReasonCode.QuotaExceeded));
        Assert.Equal(1, window.FreeCount);
    }

    [Theory]
    [InlineData(PubAck, 2)] // Not given out.
    [InlineData(PubAck, 65_535)] // Not in the window at all.
    [InlineData(PubRec, 1)]
    [InlineData(PubRel, 1)]
    public void What_no_message_waits_for_is_a_violation(PacketType type, ushort identifier)
    {
        var window = new InflightWindow(2, QualityOfService.AtLeastOnce);
        window.Take();
        Assert.Equal(Violation, window.Acknowledge(type, identifier, ReasonCode.Success));
    }
}
