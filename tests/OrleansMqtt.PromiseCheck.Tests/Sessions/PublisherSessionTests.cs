using OrleansMqtt.PromiseCheck.Sessions;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Tests.Sessions;

public sealed class PublisherSessionTests
{
    private readonly PublisherSession _session = new(window: 4);

    [Fact]
    public void Nothing_is_sent_before_the_first_connection() => Assert.False(_session.HasRoom);

    [Fact]
    public void Receive_maximum_and_window_limit_what_is_under_way()
    {
        _session.Lose(receiveMaximum: 2);
        Start("a");
        Start("b");
        Assert.False(_session.HasRoom);
        Acknowledge(PacketType.PubAck, 1);
        Assert.True(_session.HasRoom);
        _session.Resume(receiveMaximum: 100);
        Assert.Equal(["b"], Repeat());
        foreach (var value in (string[])["c", "d", "e"]) Start(value);
        Assert.False(_session.HasRoom);
    }

    [Fact]
    public void PUBACK_ends_a_QoS_1_message()
    {
        _session.Lose(10);
        Start("a");
        Assert.Equal((AcknowledgementEffect.Acknowledged, null), Acknowledge(PacketType.PubAck, 1));
        Assert.True(_session.IsEmpty);
        Assert.Equal((AcknowledgementEffect.None, null), Acknowledge(PacketType.PubAck, 1));
    }

    [Fact]
    public void PUBREC_promises_and_PUBCOMP_ends_a_QoS_2_message()
    {
        _session.Lose(10);
        Start("a", QualityOfService.ExactlyOnce);
        Assert.Equal((AcknowledgementEffect.Acknowledged, PacketType.PubRel), Acknowledge(PacketType.PubRec, 1));
        Assert.Equal((AcknowledgementEffect.None, PacketType.PubRel), Acknowledge(PacketType.PubRec, 1));
        Assert.False(_session.IsEmpty);
        Assert.Equal((AcknowledgementEffect.Completed, null), Acknowledge(PacketType.PubComp, 1));
        Assert.True(_session.IsEmpty);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, PacketType.PubAck)]
    [InlineData(QualityOfService.ExactlyOnce, PacketType.PubRec)]
    public void A_refusal_ends_a_message(QualityOfService qos, PacketType type)
    {
        _session.Lose(10);
        Start("a", qos);
        Assert.Equal((AcknowledgementEffect.Rejected, null), Acknowledge(type, 1, ReasonCode.QuotaExceeded));
        Assert.True(_session.IsEmpty);
    }

    [Fact]
    public void The_wrong_acknowledgement_is_a_violation_and_changes_nothing()
    {
        _session.Lose(10);
        Start("a");
        Start("b", QualityOfService.ExactlyOnce);
        Assert.Equal(AcknowledgementEffect.Violation, Acknowledge(PacketType.PubRec, 1).Effect);
        Assert.Equal(AcknowledgementEffect.Violation, Acknowledge(PacketType.PubAck, 2).Effect);
        Assert.Equal(AcknowledgementEffect.Violation, Acknowledge(PacketType.PubComp, 2).Effect);
        _session.Resume(10);
        Assert.Equal(["a", "b"], Repeat());
    }

    [Fact]
    public void PUBREC_for_nothing_is_answered_with_not_found()
    {
        _session.Lose(10);
        var step = _session.Acknowledge(new AcknowledgementPacket(PacketType.PubRec) { PacketId = 9 });
        Assert.Equal(ReasonCode.PacketIdentifierNotFound, step.Reply!.ReasonCode);
    }

    [Fact]
    public void A_new_connection_repeats_PUBRELs_in_their_order_and_then_PUBLISHes_in_theirs_before_anything_new()
    {
        _session.Lose(10);
        foreach (var value in (string[])["a", "b", "c"]) Start(value, QualityOfService.ExactlyOnce);
        Acknowledge(PacketType.PubRec, 3);
        Acknowledge(PacketType.PubRec, 2);
        _session.Resume(10);
        Assert.False(_session.HasRoom);
        var repeated = new List<Packet>();
        while (_session.NextToRepeat() is { } message) repeated.Add(message.Repetition());
        Assert.Equal([3, 2], repeated.Take(2).Select(static p => ((AcknowledgementPacket)p).PacketId));
        var publish = Assert.IsType<PublishPacket>(repeated[2]);
        Assert.Equal((1, true, "t", QualityOfService.ExactlyOnce), (publish.PacketId, publish.Duplicate, publish.Topic, publish.QoS));
        Assert.True(_session.HasRoom);
    }

    [Fact]
    public void Repetitions_keep_to_a_receive_maximum_that_has_shrunk()
    {
        _session.Lose(10);
        foreach (var value in (string[])["a", "b", "c"]) Start(value);
        _session.Resume(receiveMaximum: 1);
        Assert.Equal(["a"], Repeat());
        Assert.Empty(Repeat());
        Acknowledge(PacketType.PubAck, 1);
        Assert.Equal(["b"], Repeat());
        Assert.False(_session.HasRoom);
    }

    [Fact]
    public void What_was_acknowledged_meanwhile_is_not_repeated()
    {
        _session.Lose(10);
        Start("a");
        Start("b");
        _session.Resume(10);
        Acknowledge(PacketType.PubAck, 1);
        Assert.Equal(["b"], Repeat());
    }

    [Fact]
    public void A_broker_without_session_makes_the_client_forget_too()
    {
        _session.Lose(10);
        Start("a");
        Start("b", QualityOfService.ExactlyOnce);
        Acknowledge(PacketType.PubRec, 2);
        Assert.Equal(["a", "b"], _session.Lose(10).Select(static m => m.Value));
        Assert.True(_session.IsEmpty);
        Assert.Empty(Repeat());
    }

    [Fact]
    public void Packet_identifiers_in_use_are_left_out()
    {
        _session.Lose(10);
        Start("long", QualityOfService.ExactlyOnce);
        for (var i = 2; i <= ushort.MaxValue; i++)
        {
            Start("short");
            Acknowledge(PacketType.PubAck, (ushort)i);
        }

        Assert.Equal(2, Start("again").Packet.PacketId);
    }

    private OutboundMessage Start(string value, QualityOfService qos = QualityOfService.AtLeastOnce) => _session.Start("t", qos, false, default, value);

    private (AcknowledgementEffect Effect, PacketType? Reply) Acknowledge(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        var step = _session.Acknowledge(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason });
        return (step.Effect, step.Reply?.Type);
    }

    private List<string> Repeat()
    {
        var repeated = new List<string>();
        while (_session.NextToRepeat() is { } message) repeated.Add(message.Value);
        return repeated;
    }
}
