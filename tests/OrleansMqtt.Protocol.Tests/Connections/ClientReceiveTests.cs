using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;
using static OrleansMqtt.Protocol.Tests.Connections.ClientHarness;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientReceiveTests
{
    [Fact]
    [Normative("5.0", "MQTT-4.3.2-4")]
    [Normative("5.0", "MQTT-4.3.3-8")]
    [Normative("5.0", "MQTT-4.6.0-2")]
    [Normative("5.0", "MQTT-4.6.0-3")]
    public void Messages_are_told_and_acknowledged_in_order()
    {
        var harness = Connected();
        var events = harness.Receive(
            Message("0", QualityOfService.AtMostOnce),
            Message("1", QualityOfService.AtLeastOnce, 5),
            Message("2", QualityOfService.ExactlyOnce, 3),
            Message("3", QualityOfService.AtLeastOnce, 4),
            Message("4", QualityOfService.ExactlyOnce, 1));
        Assert.Equal(["0", "1", "2", "3", "4"], events.Cast<ClientMessageReceived>().Select(told => told.Message.Topic));
        Assert.Equal("PubAck 5, PubRec 3, PubAck 4, PubRec 1", harness.SentInShort());
    }

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("5.0", "MQTT-4.3.3-10")]
    [Normative("5.0", "MQTT-4.3.3-11")]
    public void A_QoS_2_message_comes_once_until_its_release(ProtocolVersion version)
    {
        var harness = Connected(version);
        Assert.Single(harness.Receive(Message("a", QualityOfService.ExactlyOnce, 7)));
        Assert.Empty(harness.Receive(Message("a", QualityOfService.ExactlyOnce, 7, duplicate: true)));
        Assert.Empty(harness.Receive(PacketType.PubRel, 7));
        Assert.Equal("PubRec 7, PubRec 7, PubComp 7", harness.SentInShort());
        Assert.Single(harness.Receive(Message("b", QualityOfService.ExactlyOnce, 7)));
    }

    [Fact]
    public void A_QoS_1_message_comes_as_often_as_it_is_sent()
    {
        var harness = Connected();
        Assert.Single(harness.Receive(Message("a", QualityOfService.AtLeastOnce, 7)));
        Assert.Single(harness.Receive(Message("a", QualityOfService.AtLeastOnce, 7, duplicate: true)));
        Assert.Equal("PubAck 7, PubAck 7", harness.SentInShort());
    }

    [Fact]
    public void A_release_of_nothing_says_so_where_there_is_a_word_for_it()
    {
        var harness = Connected();
        harness.Receive(PacketType.PubRel, 7);
        Assert.Equal("PubComp 7 PacketIdentifierNotFound", harness.SentInShort());
        harness = Connected(ProtocolVersion.V311);
        harness.Receive(PacketType.PubRel, 7);
        Assert.Equal("PubComp 7", harness.SentInShort());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-9")]
    public void A_server_that_exceeds_the_receive_maximum_is_left()
    {
        var harness = Connected(new ConnectPacket { ReceiveMaximum = 2 });
        harness.Receive(Message("a", QualityOfService.ExactlyOnce, 1), Message("b", QualityOfService.ExactlyOnce, 2));
        Assert.Empty(harness.Receive(Message("b", QualityOfService.ExactlyOnce, 2, duplicate: true)));
        Assert.Single(harness.Receive(Message("c", QualityOfService.AtLeastOnce, 3)));
        harness.Sent();
        var told = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Receive(Message("d", QualityOfService.ExactlyOnce, 4))));
        Assert.Equal(ReasonCode.ReceiveMaximumExceeded, told.Error!.Reason);
        Assert.Equal("DISCONNECT ReceiveMaximumExceeded", harness.SentInShort());
    }
}
