using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Cli.Tests.Messages;

public sealed class SubscriberTests
{
    private static readonly ManualTimeProvider Time = new();

    private readonly Subscriber _subscriber = new(ProtocolVersion.V50, new ReceiptLedger(1, new MeasuredSpan(), Time), Time);

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 1)]
    [InlineData(QualityOfService.AtLeastOnce, 1)]
    [InlineData(QualityOfService.ExactlyOnce, 0)] // The protocol itself says that it is the same [MQTT-4.3.3-10].
    public void A_message_that_comes_twice_is_a_duplicate(QualityOfService qos, long duplicates)
    {
        Receive(qos, packetId: 7, sequence: 0);
        Receive(qos, packetId: 7, sequence: 0);
        Assert.Equal((1 + duplicates, duplicates), (_subscriber.Ledger.Received, _subscriber.Ledger.Duplicated));
    }

    [Fact]
    public void A_message_that_comes_again_after_its_release_is_a_duplicate_at_QoS_2()
    {
        Receive(QualityOfService.ExactlyOnce, packetId: 7, sequence: 0);
        Assert.Null(_subscriber.Acknowledge(Acknowledgement(PacketType.PubRel, 7)));
        Receive(QualityOfService.ExactlyOnce, packetId: 7, sequence: 0);
        Assert.Equal((2, 1), (_subscriber.Ledger.Received, _subscriber.Ledger.Duplicated));
    }

    [Fact]
    public void An_acknowledgement_of_what_it_did_not_publish_is_refused() =>
        Assert.NotNull(_subscriber.Acknowledge(Acknowledgement(PacketType.PubAck, 7)));

    private void Receive(QualityOfService qos, ushort packetId, long sequence)
    {
        var template = new PublishTemplate(ProtocolVersion.V50, qos, "t", new byte[20]);
        var packet = new byte[template.Length];
        template.Write(packet, packetId, new MessageStamp(Time.GetTimestamp(), 0, sequence));
        Assert.Null(PublishFrame.TryDecode(packet[0], packet.AsSpan(2), ProtocolVersion.V50, PublishOrigin.Server, out var frame));
        Assert.Equal((qos, qos == 0 ? 0 : packetId, 20), (frame.QoS, frame.PacketId, frame.Payload.Length));
        Assert.Null(_subscriber.Publish(in frame, Time.GetTimestamp()));
    }

    private static AcknowledgementFrame Acknowledgement(PacketType type, ushort packetId)
    {
        var packet = new byte[AcknowledgementEncoder.MaximumLength];
        var length = AcknowledgementEncoder.Write(packet, type, packetId, ReasonCode.Success, ProtocolVersion.V50);
        Assert.Null(AcknowledgementFrame.TryDecode(packet[0], packet.AsSpan(2, length - 2), ProtocolVersion.V50, out var frame));
        return frame;
    }
}
