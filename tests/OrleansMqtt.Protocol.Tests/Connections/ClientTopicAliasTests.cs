using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;
using static OrleansMqtt.Protocol.Tests.Connections.ClientHarness;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientTopicAliasTests
{
    [Fact]
    [Normative("5.0", "MQTT-3.2.2-17")]
    [Normative("5.0", "MQTT-3.3.2-9")]
    public void The_first_topics_get_the_servers_aliases()
    {
        var harness = Connected(connAck: new ConnAckPacket { TopicAliasMaximum = 2 });
        string[] topics = ["a", "b", "c", "a", "b", "c"];
        Array.ForEach(topics, topic => harness.Publish(topic, QualityOfService.AtMostOnce));
        Assert.Equal(
            [("a", 1), ("b", 2), ("c", null), ("", 1), ("", 2), ("c", null)],
            harness.Sent().Cast<PublishPacket>().Select(packet => (packet.Topic, (int?)packet.TopicAlias)));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-18")]
    public void Without_a_maximum_there_are_none()
    {
        var harness = Connected();
        harness.Publish("a");
        Assert.Null(harness.SentOne<PublishPacket>().TopicAlias);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-7")]
    public void A_message_that_is_sent_again_carries_its_topic()
    {
        var connAck = new ConnAckPacket { TopicAliasMaximum = 2, SessionPresent = true };
        var harness = Connected(connAck: connAck);
        harness.Publish("a");
        harness.Publish("a");
        harness.Client.ConnectionLost();
        harness.Connect(new ConnectPacket { ClientId = "c" }, connAck);
        Assert.Equal(["a", ""], harness.Sent().Cast<PublishPacket>().Select(packet => packet.Topic));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-10")]
    public void The_servers_aliases_become_topics()
    {
        var harness = Connected(new ConnectPacket { TopicAliasMaximum = 2 });
        var events = harness.Receive(Aliased("a", 2), Aliased("", 2), Aliased("b", 2), Aliased("", 2), Aliased("c", 1));
        Assert.Equal(["a", "a", "b", "b", "c"], events.Cast<ClientMessageReceived>().Select(told => told.Message.Topic));
        Assert.All(events.Cast<ClientMessageReceived>(), told => Assert.Null(told.Message.TopicAlias));
    }

    [Theory]
    [InlineData("a", 3, ReasonCode.TopicAliasInvalid)]
    [InlineData("", 1, ReasonCode.ProtocolError)]
    public void A_wrong_alias_ends_the_connection(string topic, ushort alias, ReasonCode reason)
    {
        var harness = Connected(new ConnectPacket { TopicAliasMaximum = 2 });
        Assert.Equal(reason, harness.ReceiveOne<ClientDisconnected>(Aliased(topic, alias)).Error!.Reason);
    }

    private static PublishPacket Aliased(string topic, ushort alias) => new() { Topic = topic, TopicAlias = alias };
}
