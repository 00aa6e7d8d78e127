using OrleansMqtt.PromiseCheck.Sessions;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Tests.Sessions;

public sealed class ReceiverSessionTests
{
    private readonly ReceiverSession _session = new();

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, PacketType.PubAck)]
    [InlineData(QualityOfService.ExactlyOnce, PacketType.PubRec)]
    public void Each_QoS_has_its_answer(QualityOfService qos, PacketType? answer) => Assert.Equal((true, answer), Receive(7, qos));

    [Fact]
    public void A_QoS_1_message_is_always_new()
    {
        Receive(7, QualityOfService.AtLeastOnce);
        Assert.Equal((true, PacketType.PubAck), Receive(7, QualityOfService.AtLeastOnce));
    }

    [Fact]
    public void A_QoS_2_identifier_stands_for_one_message_until_PUBREL()
    {
        Receive(7);
        Assert.Equal((false, PacketType.PubRec), Receive(7));
        Assert.Equal((true, PacketType.PubRec), Receive(8));
        Assert.Equal((PacketType.PubComp, ReasonCode.Success), Release(7));
        Assert.Equal((true, PacketType.PubRec), Receive(7));
    }

    [Fact]
    public void PUBREL_for_nothing_is_answered_with_not_found() => Assert.Equal((PacketType.PubComp, ReasonCode.PacketIdentifierNotFound), Release(7));

    [Fact]
    public void A_lost_session_forgets_its_identifiers()
    {
        Receive(7);
        _session.Lose();
        Assert.Equal((true, PacketType.PubRec), Receive(7));
    }

    private (bool IsNew, PacketType? Answer) Receive(ushort packetId, QualityOfService qos = QualityOfService.ExactlyOnce)
    {
        var reply = _session.Receive(new PublishPacket { Topic = "t", QoS = qos, PacketId = packetId }, out var isNew);
        return (isNew, reply?.Type);
    }

    private (PacketType Type, ReasonCode Reason) Release(ushort packetId)
    {
        var reply = _session.Release(packetId);
        return (reply.Type, reply.ReasonCode);
    }
}
