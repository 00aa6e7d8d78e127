using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

public sealed class BrokerClientMachineTests
{
    private readonly PacketFeed _sent = new();
    private readonly BrokerSession _session = new("c", maximumQueued: 3);
    private BrokerClientMachine _machine = new();

    [Fact]
    [Normative("5.0", "MQTT-3.1.0-1")]
    public void The_first_packet_is_CONNECT()
    {
        Assert.Empty(Receive(PingReqPacket.Instance));
        Assert.Equal((BrokerClientState.Disconnected, ReasonCode.ProtocolError), (_machine.State, _machine.Error!.Reason));
        Assert.Empty(Sent());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.0-2")]
    public void A_second_CONNECT_ends_the_connection()
    {
        Accept();
        Assert.Empty(Receive(new ConnectPacket()));
        Assert.Equal("Disconnect ProtocolError", Sent());
        Assert.Equal(BrokerClientState.Disconnected, _machine.State);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-6")]
    public void What_comes_behind_CONNECT_waits_for_the_answer_and_is_dropped_by_a_refusal()
    {
        var bytes = Bytes(new ConnectPacket(), PingReqPacket.Instance);
        Assert.Single(_machine.ReceiveBytes(bytes));
        _machine.AcknowledgeConnect(new ConnAckPacket(), _session);
        Assert.Equal("ConnAck", Sent());
        Assert.Empty(_machine.ReceiveBytes([]));
        Assert.Equal("PingResp", Sent());

        _machine = new BrokerClientMachine();
        Assert.Single(_machine.ReceiveBytes(bytes));
        _machine.AcknowledgeConnect(new ConnAckPacket { ReasonCode = ReasonCode.NotAuthorized }, null);
        Assert.Empty(_machine.ReceiveBytes([]));
        Assert.Equal("ConnAck", Sent());
        Assert.Equal(BrokerClientState.Disconnected, _machine.State);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, "PubAck 1 QuotaExceeded")]
    [InlineData(QualityOfService.ExactlyOnce, "PubRec 1 QuotaExceeded")]
    [Normative("5.0", "MQTT-4.3.3-9")]
    public void A_refused_publish_frees_its_identifier(QualityOfService qos, string answer)
    {
        Accept();
        Assert.Single(Receive(Message(1, qos)));
        _machine.AcknowledgePublish(1, ReasonCode.QuotaExceeded);
        Assert.Equal(answer, Sent());
        Assert.Single(Receive(Message(1, qos)));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.3.3-10")]
    [Normative("5.0", "MQTT-4.3.3-11")]
    public void A_QoS_2_publish_comes_once_until_its_release()
    {
        Accept();
        Assert.Single(Receive(Message(1)));
        Assert.Empty(Receive(Message(1, duplicate: true))); // Before the answer: that one answers both.
        Assert.Equal("", Sent());
        _machine.AcknowledgePublish(1);
        Assert.Empty(Receive(Message(1, duplicate: true)));
        Assert.Empty(Receive(Acknowledgement(PacketType.PubRel, 1)));
        Assert.Equal("PubRec 1, PubRec 1, PubComp 1", Sent());
        Assert.Single(Receive(Message(1)));
    }

    [Fact]
    public void A_QoS_2_publish_right_before_the_end_is_remembered()
    {
        Accept();
        Assert.Equal(2, Receive(Message(1), new DisconnectPacket()).Count);
        _machine.AcknowledgePublish(1);
        Assert.Equal("", Sent());
        _machine = new BrokerClientMachine();
        Accept();
        Assert.Empty(Receive(Message(1, duplicate: true)));
        Assert.Equal("PubRec 1", Sent());
    }

    [Fact]
    public void An_identifier_in_use_is_told_in_the_proper_acknowledgement()
    {
        Accept();
        Receive(Message(1), Message(2, QualityOfService.AtLeastOnce), Subscribe(3), new UnsubscribePacket { PacketId = 4, Filters = ["a"] });
        Assert.Empty(Receive(Message(2), Message(1, QualityOfService.AtLeastOnce), Message(4, QualityOfService.AtLeastOnce)));
        Assert.Empty(Receive(Subscribe(1), new UnsubscribePacket { PacketId = 3, Filters = ["a", "b"] }));
        _machine.AcknowledgePublish(1);
        Assert.Empty(Receive(Message(1)));
        Assert.Equal(
            "PubRec 2 PacketIdentifierInUse, PubAck 1 PacketIdentifierInUse, PubAck 4 PacketIdentifierInUse, " +
            "SubAck 1 PacketIdentifierInUse, UnsubAck 3 PacketIdentifierInUse PacketIdentifierInUse, " +
            "PubRec 1, PubRec 1 PacketIdentifierInUse",
            Sent());
    }

    [Fact]
    public void Releases_and_receipts_of_nothing_are_told_so()
    {
        Accept();
        Receive(Acknowledgement(PacketType.PubRel, 9), Acknowledgement(PacketType.PubRec, 8), Acknowledgement(PacketType.PubComp, 7), Acknowledgement(PacketType.PubAck, 6));
        Assert.Equal("PubComp 9 PacketIdentifierNotFound, PubRel 8 PacketIdentifierNotFound", Sent());
        Assert.Equal(BrokerClientState.Connected, _machine.State);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-7")]
    public void A_client_that_exceeds_the_receive_maximum_is_left()
    {
        Accept(connAck: new ConnAckPacket { ReceiveMaximum = 2 });
        Assert.Equal(2, Receive(Message(1), Message(2, QualityOfService.AtLeastOnce)).Count);
        _machine.AcknowledgePublish(2);
        Assert.Single(Receive(Message(3, QualityOfService.AtLeastOnce)));
        _machine.AcknowledgePublish(1);
        Assert.Single(Receive(Message(0, QualityOfService.AtMostOnce)));
        Sent();
        Assert.Empty(Receive(Message(4)));
        Assert.Equal("Disconnect ReceiveMaximumExceeded", Sent());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-12")]
    public void Topic_aliases_are_resolved_up_to_the_announced_maximum()
    {
        Accept(connAck: new ConnAckPacket { TopicAliasMaximum = 1 });
        var packets = Receive(new PublishPacket { Topic = "a", TopicAlias = 1 }, new PublishPacket { TopicAlias = 1 });
        Assert.Equal(["a", "a"], packets.Cast<PublishPacket>().Select(packet => packet.Topic));
        Receive(new PublishPacket { Topic = "a", TopicAlias = 2 });
        Assert.Equal("Disconnect TopicAliasInvalid", Sent());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-6")]
    public void A_client_may_not_send_subscription_identifiers()
    {
        Accept();
        Receive(new PublishPacket { Topic = "a", SubscriptionIdentifiers = [1] });
        Assert.Equal(ReasonCode.ProtocolError, _machine.Error!.Reason);
    }

    [Fact]
    public void A_session_without_expiry_cannot_get_one_at_the_end()
    {
        Accept();
        Assert.Empty(Receive(new DisconnectPacket { SessionExpiryInterval = 1 }));
        Assert.Equal("Disconnect ProtocolError", Sent());
    }

    [Theory]
    [InlineData("c", BrokerDelivery.NoLocal)]
    [InlineData("d", BrokerDelivery.Sent)]
    [InlineData(null, BrokerDelivery.Sent)]
    [Normative("5.0", "MQTT-3.8.3-3")]
    public void No_local_holds_back_the_clients_own_messages(string? source, BrokerDelivery expected)
    {
        Accept();
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a", NoLocal = true }, null));
        Assert.Equal(expected, _machine.DeliverPublish(source, new PublishPacket { Topic = "a" }));
        Assert.Equal(BrokerDelivery.NotSubscribed, _machine.DeliverPublish(source, new PublishPacket { Topic = "b" }));
    }

    [Theory]
    [InlineData(QualityOfService.ExactlyOnce, QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.ExactlyOnce, QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce)]
    [Normative("5.0", "MQTT-3.8.4-8")]
    public void QoS_above_the_subscriptions_maximum_is_lowered_not_dropped(QualityOfService published, QualityOfService maximum)
    {
        Accept();
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a", MaximumQoS = maximum }, null));
        Assert.Equal(BrokerDelivery.Sent, _machine.DeliverPublish(null, new PublishPacket { Topic = "a", QoS = published }));
        Assert.Equal(published < maximum ? published : maximum, Assert.IsType<PublishPacket>(Assert.Single(SentPackets())).QoS);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-2")]
    [Normative("5.0", "MQTT-3.3.4-4")]
    public void Overlapping_subscriptions_bring_a_message_once()
    {
        Accept();
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a/+", MaximumQoS = QualityOfService.AtLeastOnce }, 7));
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "#", MaximumQoS = QualityOfService.ExactlyOnce, NoLocal = true }, 8));
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a/b" }, null));
        _machine.DeliverPublish("d", new PublishPacket { Topic = "a/b", QoS = QualityOfService.ExactlyOnce });
        _machine.DeliverPublish("c", new PublishPacket { Topic = "a/b", QoS = QualityOfService.ExactlyOnce });
        var sent = SentPackets().Cast<PublishPacket>().ToList();
        Assert.Equal([QualityOfService.ExactlyOnce, QualityOfService.AtLeastOnce], sent.Select(packet => packet.QoS));
        Assert.Equal([7u, 8u], sent[0].SubscriptionIdentifiers.Order());
        Assert.Equal([7u], sent[1].SubscriptionIdentifiers);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-9")]
    [Normative("5.0", "MQTT-3.3.4-10")]
    public void The_clients_receive_maximum_holds_and_the_queue_is_bounded()
    {
        Accept(new ConnectPacket { ReceiveMaximum = 1 });
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a", MaximumQoS = QualityOfService.ExactlyOnce }, null));
        var results = Enumerable.Range(0, 5).Select(_ => _machine.DeliverPublish(null, Message(0))).ToList();
        Assert.Equal([BrokerDelivery.Sent, BrokerDelivery.Queued, BrokerDelivery.Queued, BrokerDelivery.Queued, BrokerDelivery.Dropped], results);
        Receive(PingReqPacket.Instance);
        Assert.Equal("Publish 1, PingResp", Sent());
        Receive(Acknowledgement(PacketType.PubRec, 1));
        Assert.Equal("PubRel 1", Sent());
        Receive(Acknowledgement(PacketType.PubComp, 1));
        Assert.Equal("Publish 2", Sent());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-24")]
    [Normative("5.0", "MQTT-3.1.2-25")]
    public void A_message_larger_than_the_client_takes_counts_as_sent()
    {
        Accept(new ConnectPacket { MaximumPacketSize = 20 });
        _session.Subscribe(new BrokerSubscription(new Subscription { Filter = "a", MaximumQoS = QualityOfService.ExactlyOnce }, null));
        Assert.Equal(BrokerDelivery.Dropped, _machine.DeliverPublish(null, Message(0, payload: 20)));
        Assert.Equal(BrokerDelivery.Sent, _machine.DeliverPublish(null, Message(0, payload: 1)));
        _machine.ConnectionLost();

        // Too large for the next connection: what waits for it goes on with the rest.
        Assert.Equal(BrokerDelivery.Queued, _session.Deliver(null, Message(0, payload: 20), _session.Subscriptions.Values));
        Assert.Equal(BrokerDelivery.Queued, _session.Deliver(null, Message(0, payload: 2), _session.Subscriptions.Values));
        _machine = new BrokerClientMachine();
        _sent.Clear();
        Accept(new ConnectPacket { MaximumPacketSize = 20 }, keepSent: true);
        Assert.Equal("ConnAck, Publish 1, Publish 3", Sent());
    }

    [Fact]
    public void Answers_to_nothing_throw()
    {
        Assert.Throws<InvalidOperationException>(() => _machine.AcknowledgeConnect(new ConnAckPacket(), _session));
        Assert.Throws<InvalidOperationException>(() => _machine.Session);
        Accept();
        Receive(Subscribe(1));
        Assert.Throws<InvalidOperationException>(() => _machine.AcknowledgePublish(1));
        Assert.Throws<InvalidOperationException>(() => _machine.AcknowledgeUnsubscribe(1, [ReasonCode.Success]));
        Assert.Throws<InvalidOperationException>(() => _machine.AcknowledgeSubscribe(2, [ReasonCode.Success]));
        _machine.AcknowledgeSubscribe(1, [ReasonCode.GrantedQos1]);
        Assert.Throws<InvalidOperationException>(() => _machine.AcknowledgeSubscribe(1, [ReasonCode.Success]));
        Assert.Throws<InvalidOperationException>(() => _machine.Authenticate(new AuthPacket()));
    }

    private void Accept(ConnectPacket? connect = null, ConnAckPacket? connAck = null, bool keepSent = false)
    {
        Assert.Single(Receive(connect ?? new ConnectPacket { ClientId = "c" }));
        _machine.AcknowledgeConnect(connAck ?? new ConnAckPacket(), _session);
        if (!keepSent)
        {
            Assert.Equal("ConnAck", Sent());
        }
    }

    private IReadOnlyList<Packet> Receive(params Packet[] packets) => _machine.ReceiveBytes(Bytes(packets));

    private List<Packet> SentPackets()
    {
        _sent.Append(_machine.GetOutboundData());
        var packets = new List<Packet>();
        ProtocolError? error;
        while (_sent.TryRead(_machine.Version, out var packet, out error))
        {
            packets.Add(packet!);
        }

        Assert.Null(error);
        return packets;
    }

    private string Sent() => string.Join(", ", SentPackets().Select(packet => packet switch
    {
        PublishPacket publish => $"Publish {publish.PacketId}",
        AcknowledgementPacket { ReasonCode: ReasonCode.Success } acknowledgement => $"{packet.Type} {acknowledgement.PacketId}",
        AcknowledgementPacket acknowledgement => $"{packet.Type} {acknowledgement.PacketId} {acknowledgement.ReasonCode}",
        SubAckPacket subAck => $"SubAck {subAck.PacketId} {string.Join(' ', subAck.ReasonCodes)}",
        UnsubAckPacket unsubAck => $"UnsubAck {unsubAck.PacketId} {string.Join(' ', unsubAck.ReasonCodes)}",
        DisconnectPacket disconnect => $"Disconnect {disconnect.ReasonCode}",
        _ => packet.Type.ToString(),
    }));

    private static byte[] Bytes(params Packet[] packets) => [.. packets.SelectMany(packet => PacketEncoder.Encode(packet, ProtocolVersion.V50))];

    private static PublishPacket Message(
        ushort packetId, QualityOfService qos = QualityOfService.ExactlyOnce, bool duplicate = false, int payload = 0) =>
        new() { Topic = "a", PacketId = packetId, QoS = qos, Duplicate = duplicate, Payload = new byte[payload] };

    private static AcknowledgementPacket Acknowledgement(PacketType type, ushort packetId) => new(type) { PacketId = packetId };

    private static SubscribePacket Subscribe(ushort packetId) => new() { PacketId = packetId, Subscriptions = [new Subscription { Filter = "a" }] };
}
