using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;
using static OrleansMqtt.Protocol.Tests.Connections.ClientHarness;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientResumeTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("5.0", "MQTT-3.3.1-1")]
    [Normative("5.0", "MQTT-4.3.3-6")]
    [Normative("5.0", "MQTT-4.4.0-1")]
    [Normative("5.0", "MQTT-4.6.0-1")]
    [Normative("5.0", "MQTT-4.6.0-4")]
    public void What_is_unacknowledged_is_sent_again_in_order(ProtocolVersion version)
    {
        var harness = Connected(version);
        for (var i = 1; i <= 6; i++)
        {
            harness.Publish($"{i}", i == 1 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce);
        }

        harness.Receive(PacketType.PubRec, 4);
        harness.Receive(PacketType.PubRec, 2);
        harness.Receive(PacketType.PubRec, 6);
        harness.Receive(PacketType.PubComp, 6);
        harness.Client.ConnectionLost();

        // CONNACK of 3.1 does not say whether there is a session.
        harness.Connect(new ConnectPacket { ClientId = "c", Version = version }, new ConnAckPacket { SessionPresent = version != ProtocolVersion.V31 });
        Assert.Equal("PubRel 4, PubRel 2, PUBLISH 1 dup, PUBLISH 3 dup, PUBLISH 5 dup", harness.SentInShort());
        Assert.Single(harness.Receive(PacketType.PubComp, 4));
        Assert.Single(harness.Receive(PacketType.PubAck, 1));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-5")]
    public void A_lost_session_fails_what_was_under_way_but_not_what_waited()
    {
        var harness = Connected(connAck: new ConnAckPacket { ReceiveMaximum = 1 });
        var ticket = harness.Publish("1");
        var waiting = harness.Publish("2");
        harness.Receive(Message("in", QualityOfService.ExactlyOnce, 3));
        harness.Client.ConnectionLost();

        var events = harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket());
        Assert.False(Assert.IsType<ClientConnected>(events[0]).SessionPresent);
        var failed = Assert.IsType<ClientPublishFailed>(events[1]);
        Assert.Equal((ticket, null), (failed.Ticket, failed.Reason));
        var packet = harness.SentOne<PublishPacket>();
        Assert.Equal(("2", false), (packet.Topic, packet.Duplicate));
        Assert.Equal([new ClientPublished(waiting, ReasonCode.Success)], harness.Receive(PacketType.PubAck, packet.PacketId));
        Assert.Single(harness.Receive(Message("in", QualityOfService.ExactlyOnce, 3, duplicate: true))); // Its identifier is forgotten.
    }

    [Fact]
    public void Repetitions_keep_to_the_new_receive_maximum()
    {
        var harness = Connected();
        for (var i = 1; i <= 4; i++)
        {
            harness.Publish($"{i}", i == 1 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce);
        }

        harness.Receive(PacketType.PubRec, 1);
        harness.Client.ConnectionLost();
        harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket { SessionPresent = true, ReceiveMaximum = 2 });
        Assert.Equal("PubRel 1, PUBLISH 2 dup", harness.SentInShort());
        harness.Receive(PacketType.PubAck, 3); // On its way when the connection broke: need not be sent again.
        Assert.Empty(harness.SentInShort());
        harness.Receive(PacketType.PubComp, 1);
        Assert.Equal("PUBLISH 4 dup", harness.SentInShort());
    }

    [Fact]
    public void A_message_that_the_next_server_does_not_take_fails()
    {
        var harness = Connected();
        var ticket = harness.Publish(new string('x', 100));
        harness.Publish("y");
        harness.Client.ConnectionLost();
        var events = harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket { SessionPresent = true, MaximumPacketSize = 50 });
        var failed = Assert.IsType<ClientPublishFailed>(events[1]);
        Assert.Equal((ticket, ReasonCode.PacketTooLarge), (failed.Ticket, failed.Reason));
        Assert.Equal("PUBLISH 2 dup", harness.SentInShort());
    }

    [Fact]
    public void Received_QoS_2_identifiers_outlive_the_connection()
    {
        var harness = Connected();
        Assert.Single(harness.Receive(Message("a", QualityOfService.ExactlyOnce, 7)));
        harness.Client.ConnectionLost();
        harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket { SessionPresent = true });
        Assert.Empty(harness.Receive(Message("a", QualityOfService.ExactlyOnce, 7, duplicate: true)));
        Assert.Empty(harness.Receive(PacketType.PubRel, 7));
        Assert.Equal("PubRec 7, PubComp 7", harness.SentInShort());
    }
}
