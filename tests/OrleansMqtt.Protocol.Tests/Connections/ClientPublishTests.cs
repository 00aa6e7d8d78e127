using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;
using static OrleansMqtt.Protocol.Tests.Connections.ClientHarness;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientPublishTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("5.0", "MQTT-4.3.3-4")]
    [Normative("5.0", "MQTT-2.2.1-3")]
    [Normative("3.1.1", "MQTT-2.3.1-2")]
    public void Each_QoS_runs_its_course(ProtocolVersion version)
    {
        var harness = Connected(version);
        Assert.Equal(0, harness.Publish("a", QualityOfService.AtMostOnce));
        Assert.Equal("PUBLISH 0", harness.SentInShort());

        var ticket = harness.Publish("a", QualityOfService.AtLeastOnce);
        Assert.Equal("PUBLISH 1", harness.SentInShort());
        Assert.Equal([new ClientPublished(ticket, ReasonCode.Success)], harness.Receive(PacketType.PubAck, 1));

        ticket = harness.Publish("a", QualityOfService.ExactlyOnce);
        Assert.Equal("PUBLISH 2", harness.SentInShort());
        Assert.Empty(harness.Receive(PacketType.PubRec, 2));
        Assert.Equal("PubRel 2", harness.SentInShort());
        Assert.Equal([new ClientPublished(ticket, ReasonCode.Success)], harness.Receive(PacketType.PubComp, 2));
        Assert.Equal((0, 0), (harness.Client.InflightCount, harness.Client.WaitingCount));
    }

    [Theory]
    [InlineData(PacketType.PubAck, QualityOfService.AtLeastOnce)]
    [InlineData(PacketType.PubRec, QualityOfService.ExactlyOnce)]
    public void A_refused_message_is_told_with_its_reason(PacketType acknowledgement, QualityOfService qos)
    {
        var harness = Connected();
        var ticket = harness.Publish("a", qos);
        harness.Sent();
        var failed = Assert.IsType<ClientPublishFailed>(Assert.Single(harness.Receive(acknowledgement, 1, ReasonCode.QuotaExceeded)));
        Assert.Equal((ticket, ReasonCode.QuotaExceeded, "a"), (failed.Ticket, failed.Reason, failed.Message.Topic));
        Assert.Empty(harness.Sent());
        Assert.Equal(0, harness.Client.InflightCount);
    }

    [Fact]
    public void No_subscribers_is_a_success()
    {
        var harness = Connected();
        var ticket = harness.Publish("a");
        Assert.Equal([new ClientPublished(ticket, ReasonCode.NoMatchingSubscribers)], harness.Receive(PacketType.PubAck, 1, ReasonCode.NoMatchingSubscribers));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-11")]
    public void QoS_is_lowered_to_the_servers_maximum()
    {
        var harness = Connected(connAck: new ConnAckPacket { MaximumQoS = QualityOfService.AtLeastOnce });
        harness.Publish("a", QualityOfService.ExactlyOnce);
        Assert.Equal(QualityOfService.AtLeastOnce, harness.SentOne<PublishPacket>().QoS);

        harness = Connected(connAck: new ConnAckPacket { MaximumQoS = QualityOfService.AtMostOnce });
        Assert.Equal(0, harness.Publish("a", QualityOfService.ExactlyOnce));
        Assert.Equal(QualityOfService.AtMostOnce, harness.SentOne<PublishPacket>().QoS);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-14")]
    public void A_retained_message_is_not_sent_to_a_server_without_retained_messages()
    {
        var harness = Connected(connAck: new ConnAckPacket { RetainAvailable = false });
        Assert.Equal(ReasonCode.RetainNotSupported, harness.Client.Publish(new PublishPacket { Topic = "a", Retain = true }).Error!.Reason);
        Assert.Empty(harness.Sent());
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 4)]
    [InlineData(QualityOfService.AtLeastOnce, 6)]
    [Normative("5.0", "MQTT-3.2.2-15")]
    public void A_message_above_the_maximum_packet_size_is_not_sent(QualityOfService qos, int overhead)
    {
        // Fixed header, topic length and topic, property length, and from QoS 1 on the identifier: 2 + 2 + 1 + 1 (+ 2).
        var harness = Connected(connAck: new ConnAckPacket { MaximumPacketSize = 60, TopicAliasMaximum = 10 });
        var fits = new PublishPacket { Topic = "a", QoS = qos, Payload = new byte[60 - overhead - 2] };
        Assert.Null(harness.Client.Publish(fits).Error);
        Assert.Equal(60, harness.Client.GetOutboundData().Length);
        var larger = new PublishPacket { Topic = "a", QoS = qos, Payload = new byte[60 - overhead - 1] };
        Assert.Equal(ReasonCode.PacketTooLarge, harness.Client.Publish(larger).Error!.Reason);
        Assert.False(harness.Client.HasOutboundData);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-7")]
    [Normative("5.0", "MQTT-3.3.4-8")]
    [Normative("5.0", "MQTT-4.9.0-2")]
    public void No_more_than_the_receive_maximum_is_under_way()
    {
        var harness = Connected(connAck: new ConnAckPacket { ReceiveMaximum = 2 });
        harness.Publish("1");
        harness.Publish("2", QualityOfService.ExactlyOnce);
        harness.Publish("3");
        harness.Publish("4");
        Assert.Equal("PUBLISH 1, PUBLISH 2", harness.SentInShort());
        Assert.Equal((2, 2), (harness.Client.InflightCount, harness.Client.WaitingCount));

        // What is no QoS 1 or 2 PUBLISH does not wait.
        harness.Client.Ping();
        harness.Publish("5", QualityOfService.AtMostOnce);
        Assert.Equal("PingReq, PUBLISH 0", harness.SentInShort());

        harness.Receive(PacketType.PubRec, 2);
        Assert.Equal("PubRel 2", harness.SentInShort()); // The window opens at PUBCOMP.
        harness.Receive(PacketType.PubComp, 2);
        Assert.Equal("PUBLISH 3", harness.SentInShort());
        harness.Receive(PacketType.PubAck, 1);
        Assert.Equal("PUBLISH 4", harness.SentInShort());
    }

    [Fact]
    public void A_failed_PUBREC_opens_the_window()
    {
        var harness = Connected(connAck: new ConnAckPacket { ReceiveMaximum = 1 });
        harness.Publish("1", QualityOfService.ExactlyOnce);
        harness.Publish("2", QualityOfService.ExactlyOnce);
        harness.Sent();
        harness.Receive(PacketType.PubRec, 1, ReasonCode.NotAuthorized);
        Assert.Equal("PUBLISH 2", harness.SentInShort());
    }

    [Fact]
    public void Identifiers_in_use_are_passed_over_when_they_come_round()
    {
        var harness = Connected();
        harness.Publish("stays", QualityOfService.ExactlyOnce);
        harness.Sent();
        for (var i = 0; i < ushort.MaxValue; i++)
        {
            harness.Publish("a");
            var packetId = harness.SentOne<PublishPacket>().PacketId;
            Assert.Equal(i == ushort.MaxValue - 1 ? 2 : i + 2, packetId);
            harness.Receive(PacketType.PubAck, packetId);
        }
    }

    [Fact]
    public void When_all_identifiers_are_in_use_messages_wait_and_requests_are_refused()
    {
        var harness = Connected();
        for (var i = 0; i < ushort.MaxValue; i++)
        {
            harness.Publish("a");
        }

        harness.Client.GetOutboundData();
        harness.Publish("last");
        Assert.Equal((ushort.MaxValue, 1), (harness.Client.InflightCount, harness.Client.WaitingCount));
        Assert.Equal(ReasonCode.QuotaExceeded, harness.Client.Subscribe([new Subscription { Filter = "a" }]).Error!.Reason);
        harness.Receive(PacketType.PubAck, 17);
        Assert.Equal("PUBLISH 17", harness.SentInShort());
    }

    [Fact]
    public void Acknowledgements_of_nothing_do_no_harm()
    {
        var harness = Connected();
        Assert.Empty(harness.Receive(PacketType.PubAck, 9));
        Assert.Empty(harness.Receive(PacketType.PubComp, 9));
        Assert.Empty(harness.Receive(PacketType.PubRec, 9, ReasonCode.UnspecifiedError));
        Assert.Empty(harness.Sent());
        Assert.Empty(harness.Receive(PacketType.PubRec, 9));
        Assert.Equal("PubRel 9 PacketIdentifierNotFound", harness.SentInShort());
    }

    [Fact]
    public void A_repeated_PUBREC_is_answered_again()
    {
        var harness = Connected();
        harness.Publish("a", QualityOfService.ExactlyOnce);
        harness.Sent();
        harness.Receive(PacketType.PubRec, 1);
        harness.Receive(PacketType.PubRec, 1);
        Assert.Equal("PubRel 1, PubRel 1", harness.SentInShort());
        Assert.Single(harness.Receive(PacketType.PubComp, 1));
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, PacketType.PubRec)]
    [InlineData(QualityOfService.AtLeastOnce, PacketType.PubComp)]
    [InlineData(QualityOfService.ExactlyOnce, PacketType.PubAck)]
    [InlineData(QualityOfService.ExactlyOnce, PacketType.PubComp)]
    public void The_wrong_acknowledgement_is_an_error(QualityOfService qos, PacketType wrong)
    {
        var harness = Connected();
        harness.Publish("a", qos);
        harness.Sent();
        var told = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Receive(wrong, 1)));
        Assert.Equal(ReasonCode.ProtocolError, told.Error!.Reason);
    }

    [Fact]
    public void Invalid_messages_throw()
    {
        var client = Connected().Client;
        Assert.Throws<ArgumentException>(() => client.Publish(new PublishPacket { Topic = "" }));
        Assert.Throws<ArgumentException>(() => client.Publish(new PublishPacket { Topic = "a/#" }));
        Assert.Throws<ArgumentException>(() => client.Publish(new PublishPacket { Topic = "a", TopicAlias = 1 }));
        Assert.Throws<ArgumentException>(() => client.Publish(new PublishPacket { Topic = "a", SubscriptionIdentifiers = [1] }));
        Assert.Throws<ArgumentException>(() => client.Publish(new PublishPacket { Topic = "a", ContentType = new string('x', 70_000) }));
        Assert.False(client.HasOutboundData);
    }
}
