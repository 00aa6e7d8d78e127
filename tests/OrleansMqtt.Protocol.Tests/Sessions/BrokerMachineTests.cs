using System.Text;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>A broker with several clients, of different versions, each a client machine.</summary>
public sealed class BrokerMachineTests
{
    private readonly BrokerShell _shell = new();

    [Fact]
    public void Messages_reach_the_clients_that_subscribe_whatever_their_version()
    {
        var one = Client("one", ProtocolVersion.V31).Subscribe(Filter("room/+/temperature", QualityOfService.AtLeastOnce));
        var two = Client("two", ProtocolVersion.V311).Subscribe(Filter("room/#", QualityOfService.ExactlyOnce));
        var three = Client("three").Subscribe(Filter("other"), Filter("room/2/temperature"));
        var publisher = Client("publisher");
        publisher.Publish("room/1/temperature", "20", QualityOfService.ExactlyOnce);
        publisher.Publish("room/2/temperature", "21", QualityOfService.ExactlyOnce);
        publisher.Publish("room", "x", QualityOfService.AtMostOnce);
        Link.CarryAll(one, two, three, publisher);

        Assert.Equal([("20", 1), ("21", 1)], one.Messages.Select(Content));
        Assert.Equal([("20", 2), ("21", 2), ("x", 0)], two.Messages.Select(Content));
        Assert.Equal([("21", 0)], three.Messages.Select(Content));
        Assert.Equal([ReasonCode.Success, ReasonCode.Success], publisher.Events.OfType<ClientPublished>().Select(told => told.Reason));

        one.Client.Unsubscribe(["room/+/temperature"]);
        Link.CarryAll(one);
        Assert.Equal(["two"], _shell.Broker.Publish("publisher", new PublishPacket { Topic = "room/1/temperature" }));
        Assert.Empty(_shell.Broker.Publish("publisher", new PublishPacket { Topic = "nobody" }));
    }

    [Fact]
    public void Unsubscribing_says_whether_there_was_something()
    {
        var client = Client("c").Subscribe(Filter("a"));
        client.Server.Session.Unsubscribe("a");
        client.Client.Unsubscribe(["a"]);
        Link.CarryAll(client);
        Assert.Equal([ReasonCode.NoSubscriptionExisted], Assert.Single(client.Events.OfType<ClientUnsubscribed>()).ReasonCodes);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-5")]
    [Normative("5.0", "MQTT-3.3.1-6")]
    [Normative("5.0", "MQTT-3.3.1-7")]
    [Normative("5.0", "MQTT-3.3.1-8")]
    public void Retained_messages_are_kept_replaced_and_removed()
    {
        var publisher = Client("p");
        publisher.Publish("a/1", "old", QualityOfService.AtLeastOnce, retain: true);
        publisher.Publish("a/1", "new", QualityOfService.AtLeastOnce, retain: true);
        publisher.Publish("a/1", "live", QualityOfService.AtLeastOnce);
        publisher.Publish("a/2", "gone", QualityOfService.AtLeastOnce, retain: true);
        publisher.Publish("a/2", "", QualityOfService.AtLeastOnce, retain: true);
        publisher.Publish("b", "elsewhere", QualityOfService.AtLeastOnce, retain: true);
        Link.CarryAll(publisher);
        Assert.Equal(2, _shell.Broker.RetainedCount);

        var late = Client("late").Subscribe(Filter("a/#", QualityOfService.ExactlyOnce));
        var message = Assert.Single(late.Messages);
        Assert.Equal(("new", 1), Content(message));
        Assert.True(message.Retain);
    }

    [Fact]
    public void More_retained_messages_than_a_page_all_arrive()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _shell.Broker.Publish(null, new PublishPacket { Topic = $"a/{i}", Retain = true, Payload = new byte[1] });
        }

        Assert.Equal(1_000, Client("c").Subscribe(Filter("a/+")).Messages.Select(message => message.Topic).Distinct().Count());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-9")]
    [Normative("5.0", "MQTT-3.3.1-10")]
    [Normative("5.0", "MQTT-3.3.1-11")]
    public void Retain_handling_says_when_retained_messages_come()
    {
        _shell.Broker.Publish(null, new PublishPacket { Topic = "a", Retain = true, Payload = new byte[1] });
        var client = Client("c");
        var server = client.Server;
        Assert.Equal(1, Subscribed(RetainHandling.SendIfNewSubscription));
        Assert.Equal(0, Subscribed(RetainHandling.SendIfNewSubscription));
        Assert.Equal(0, Subscribed(RetainHandling.DoNotSend));
        Assert.Equal(1, Subscribed(RetainHandling.SendAtSubscribe));

        int Subscribed(RetainHandling handling)
        {
            var before = client.Messages.Count();
            var packet = new SubscribePacket { PacketId = 9, Subscriptions = [Filter("a") with { RetainHandling = handling }] };
            Assert.Single(server.ReceiveBytes(OrleansMqtt.Protocol.Codec.PacketEncoder.Encode(packet, ProtocolVersion.V50)));
            _shell.Broker.Subscribe(server, packet);

            // The client did not ask, so its machine must not see the answer.
            var outbound = server.GetOutboundData();
            client.Events.AddRange(client.Client.ReceiveBytes(outbound.AsSpan(2 + outbound[1])));
            return client.Messages.Count() - before;
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-12")]
    [Normative("5.0", "MQTT-3.3.1-13")]
    public void Retain_as_published_keeps_the_flag()
    {
        var plain = Client("plain").Subscribe(Filter("a"));
        var keeps = Client("keeps").Subscribe(Filter("a") with { RetainAsPublished = true });
        _shell.Broker.Publish(null, new PublishPacket { Topic = "a", Retain = true, Payload = new byte[1] });
        _shell.Broker.Publish(null, new PublishPacket { Topic = "a", Payload = new byte[1] });
        Link.CarryAll(plain, keeps);
        Assert.Equal([false, false], plain.Messages.Select(message => message.Retain));
        Assert.Equal([true, false], keeps.Messages.Select(message => message.Retain));
    }

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("5.0", "MQTT-3.2.2-3")]
    public void A_persistent_session_waits_with_its_messages(ProtocolVersion version)
    {
        var away = Client("away", version, expiry: 60).Subscribe(Filter("a", QualityOfService.AtLeastOnce));
        away.Break();
        Assert.Empty(_shell.Broker.Publish(null, Message("a", "1", QualityOfService.AtLeastOnce)));
        Assert.Empty(_shell.Broker.Publish(null, Message("a", "lost", QualityOfService.AtMostOnce)));
        Assert.Empty(_shell.Broker.Publish(null, Message("a", "2", QualityOfService.ExactlyOnce)));
        away.Connect();
        Assert.True(away.Events.OfType<ClientConnected>().Last().SessionPresent);
        Assert.Equal(["1", "2"], away.Received);

        away.Break();
        Assert.True(_shell.Broker.EndSession("away"));
        Assert.False(_shell.Broker.EndSession("away"));
        Assert.Empty(_shell.Broker.Publish(null, Message("a", "3", QualityOfService.AtLeastOnce)));
        Assert.Empty(_shell.Broker.Sessions);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-4")]
    [Normative("5.0", "MQTT-3.2.2-2")]
    public void A_clean_start_begins_anew()
    {
        Client("c", expiry: 60).Subscribe(Filter("a")).Break();
        var anew = Client("c", cleanStart: true);
        Assert.False(anew.Events.OfType<ClientConnected>().Single().SessionPresent);
        Assert.Empty(_shell.Broker.Publish(null, Message("a", "1", QualityOfService.AtMostOnce)));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-3")]
    public void A_second_connection_takes_the_session_over()
    {
        var first = Client("c", expiry: 60).Subscribe(Filter("a"));
        var second = Client("c", expiry: 60);
        Link.CarryAll(first, second);
        Assert.Equal(ReasonCode.SessionTakenOver, first.Events.OfType<ClientDisconnected>().Single().Packet!.ReasonCode);
        Assert.True(second.Events.OfType<ClientConnected>().Single().SessionPresent);
        Assert.Equal(["c"], _shell.Broker.Publish(null, Message("a", "1", QualityOfService.AtMostOnce)));
        Link.CarryAll(second);
        Assert.Equal(["1"], second.Received);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(ReasonCode.NormalDisconnection, false)]
    [InlineData(ReasonCode.DisconnectWithWill, true)]
    [Normative("5.0", "MQTT-3.1.2-8")]
    [Normative("5.0", "MQTT-3.1.2-10")]
    public void The_will_is_handed_out_unless_the_client_left_in_order(ReasonCode? leaves, bool expected)
    {
        var watcher = Client("w").Subscribe(Filter("gone/#", QualityOfService.AtLeastOnce));
        var client = new Link(_shell, WithWill("c")).Connect();
        if (leaves is { } reason)
        {
            client.Client.Disconnect(new DisconnectPacket { ReasonCode = reason });
            Link.CarryAll(client);
        }
        else
        {
            client.Break();
        }

        Link.CarryAll(watcher);
        Assert.Equal(expected ? ["bye"] : [], watcher.Received);
        Assert.Equal(expected ? 1 : 0, _shell.Wills.Count);
    }

    [Fact]
    public void A_protocol_error_and_a_takeover_hand_the_will_out_too()
    {
        var client = new Link(_shell, WithWill("c")).Connect();
        new Link(_shell, WithWill("c")).Connect();
        Link.CarryAll(client);
        Assert.Single(_shell.Wills);

        var bad = new Link(_shell, WithWill("d")).Connect();
        _shell.Receive(bad.Server, [0xC1, 0x00]);
        Assert.Equal(2, _shell.Wills.Count);
        Assert.DoesNotContain("d", _shell.Broker.Sessions.Keys);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-6")]
    [Normative("3.1.1", "MQTT-3.1.3-8")]
    public void A_client_without_identifier_gets_one_unless_it_wants_to_come_back_before_5_0()
    {
        Assert.Equal("assigned", Client("").Client.ClientId);
        var refused = new Link(_shell, new ConnectPacket { Version = ProtocolVersion.V311 });
        refused.StartConnect();
        Link.CarryAll(refused);
        Assert.Equal(ReasonCode.ClientIdentifierNotValid, refused.Events.OfType<ClientConnectFailed>().Single().Reason);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.9.3-1")]
    public void Filters_that_cannot_be_served_are_refused_one_by_one()
    {
        var client = Client("c");
        var packet = new SubscribePacket { PacketId = 9, Subscriptions = [Filter("a", QualityOfService.AtLeastOnce), Filter("$share/g/a"), Filter("a#")] };
        Assert.Single(client.Server.ReceiveBytes(OrleansMqtt.Protocol.Codec.PacketEncoder.Encode(packet, ProtocolVersion.V50)));
        _shell.Broker.Subscribe(client.Server, packet);
        Assert.Equal(
            [(byte)ReasonCode.GrantedQos1, (byte)ReasonCode.SharedSubscriptionsNotSupported, (byte)ReasonCode.TopicFilterInvalid],
            client.Server.GetOutboundData()[^3..]);
    }

    private Link Client(string clientId, ProtocolVersion version = ProtocolVersion.V50, uint? expiry = null, bool cleanStart = false) => new Link(
        _shell,
        new ConnectPacket
        {
            ClientId = clientId,
            Version = version,
            CleanStart = cleanStart || (version != ProtocolVersion.V50 && expiry is null),
            SessionExpiryInterval = version == ProtocolVersion.V50 ? expiry : null,
        }).Connect();

    private static ConnectPacket WithWill(string clientId) => new()
    {
        ClientId = clientId,
        Will = new Will { Topic = $"gone/{clientId}", Payload = "bye"u8.ToArray(), QoS = QualityOfService.AtLeastOnce },
    };

    private static Subscription Filter(string filter, QualityOfService qos = QualityOfService.AtMostOnce) => new() { Filter = filter, MaximumQoS = qos };

    private static PublishPacket Message(string topic, string payload, QualityOfService qos) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), QoS = qos };

    private static (string Payload, int QoS) Content(PublishPacket message) => (Encoding.UTF8.GetString(message.Payload.Span), (int)message.QoS);
}
