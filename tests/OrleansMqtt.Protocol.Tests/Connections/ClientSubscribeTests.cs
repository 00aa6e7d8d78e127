using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;
using static OrleansMqtt.Protocol.Tests.Connections.ClientHarness;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientSubscribeTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public void UNSUBSCRIBE_goes_out_when_the_last_user_leaves(ProtocolVersion version)
    {
        var harness = Connected(version);
        Grant(harness, Filter("a", QualityOfService.AtLeastOnce));
        Assert.Equal(default, harness.Client.Subscribe([Filter("a", QualityOfService.AtMostOnce)]));
        Assert.Empty(harness.Sent());

        Assert.Equal(default, harness.Client.Unsubscribe(["a"]));
        Assert.Empty(harness.Sent());
        var request = harness.Client.Unsubscribe(["a"]);
        Assert.Equal(["a"], harness.SentOne<UnsubscribePacket>().Filters);
        ReasonCode[] reasons = version == ProtocolVersion.V50 ? [ReasonCode.Success] : [];
        var told = harness.ReceiveOne<ClientUnsubscribed>(new UnsubAckPacket { PacketId = request.PacketId, ReasonCodes = reasons });
        Assert.Equal(["a"], told.Filters);
        Assert.Equal(reasons, told.ReasonCodes);
        Assert.Throws<InvalidOperationException>(() => harness.Client.Unsubscribe(["a"]));
    }

    [Fact]
    public void A_user_who_wants_more_gets_it_and_one_who_wants_less_takes_nothing_away()
    {
        var harness = Connected();
        Grant(harness, Filter("a", QualityOfService.AtLeastOnce));
        Grant(harness, Filter("a", QualityOfService.ExactlyOnce));
        var request = harness.Client.Subscribe([Filter("a", QualityOfService.AtMostOnce) with { RetainAsPublished = true }]);
        var asked = Assert.Single(harness.SentOne<SubscribePacket>().Subscriptions);
        Assert.Equal((QualityOfService.ExactlyOnce, true), (asked.MaximumQoS, asked.RetainAsPublished));
        Assert.NotEqual(0, request.PacketId);
    }

    [Fact]
    public void Only_what_is_new_is_asked_for()
    {
        var harness = Connected();
        Grant(harness, Filter("a"));
        harness.Client.Subscribe([Filter("a"), Filter("b")]);
        Assert.Equal(["b"], harness.SentOne<SubscribePacket>().Subscriptions.Select(asked => asked.Filter));
        harness.Client.Subscribe([Filter("a")], identifier: 9);
        Assert.Equal(9u, harness.SentOne<SubscribePacket>().SubscriptionIdentifier);
    }

    [Fact]
    public void A_failed_subscription_is_not_held()
    {
        var harness = Connected();
        var request = harness.Client.Subscribe([Filter("a"), Filter("b")]);
        harness.Sent();
        var told = harness.ReceiveOne<ClientSubscribed>(
            new SubAckPacket { PacketId = request.PacketId, ReasonCodes = [ReasonCode.NotAuthorized, ReasonCode.GrantedQos0] });
        Assert.Equal(["a", "b"], told.Subscriptions.Select(subscription => subscription.Filter));
        Assert.Equal([ReasonCode.NotAuthorized, ReasonCode.GrantedQos0], told.ReasonCodes);
        Assert.Throws<InvalidOperationException>(() => harness.Client.Unsubscribe(["a"]));
        harness.Client.Unsubscribe(["b"]);
        harness.SentOne<UnsubscribePacket>();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.4-6")]
    [Normative("5.0", "MQTT-3.10.4-6")]
    public void Answers_that_fit_no_request_are_errors()
    {
        var harness = Connected();
        harness.Client.Subscribe([Filter("a"), Filter("b")]);
        Assert.NotNull(harness.ReceiveOne<ClientDisconnected>(new SubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.Success] }).Error);
        Assert.NotNull(Connected().ReceiveOne<ClientDisconnected>(new SubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.Success] }).Error);
        Assert.NotNull(Connected().ReceiveOne<ClientDisconnected>(new UnsubAckPacket { PacketId = 1, ReasonCodes = [ReasonCode.Success] }).Error);
    }

    [Fact]
    public void What_the_server_does_not_take_is_not_asked_for()
    {
        var harness = Connected(connAck: new ConnAckPacket
        {
            WildcardSubscriptionAvailable = false,
            SharedSubscriptionAvailable = false,
            SubscriptionIdentifiersAvailable = false,
            MaximumPacketSize = 50,
        });
        Assert.Equal(ReasonCode.WildcardSubscriptionsNotSupported, harness.Client.Subscribe([Filter("a/#")]).Error!.Reason);
        Assert.Equal(ReasonCode.SharedSubscriptionsNotSupported, harness.Client.Subscribe([Filter("$share/g/a")]).Error!.Reason);
        Assert.Equal(ReasonCode.SubscriptionIdentifiersNotSupported, harness.Client.Subscribe([Filter("a")], 1).Error!.Reason);
        Assert.Equal(ReasonCode.PacketTooLarge, harness.Client.Subscribe([Filter(new string('a', 60))]).Error!.Reason);
        Assert.Empty(harness.Sent());
        Assert.Throws<InvalidOperationException>(() => harness.Client.Unsubscribe(["a"]));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-4")]
    public void Invalid_subscriptions_throw()
    {
        var client = Connected().Client;
        Assert.Throws<ArgumentException>(() => client.Subscribe([]));
        Assert.Throws<ArgumentException>(() => client.Subscribe([Filter("a#")]));
        Assert.Throws<ArgumentException>(() => client.Subscribe([Filter("$share/g/a") with { NoLocal = true }]));
        Assert.False(client.HasOutboundData);
    }

    [Fact]
    public void A_lost_session_is_subscribed_anew_with_its_users_and_identifiers()
    {
        var harness = Connected();
        Grant(harness, Filter("a"));
        Grant(harness, Filter("b"), 5);
        Grant(harness, Filter("c"));
        harness.Client.Subscribe([Filter("a")]);
        harness.Client.ConnectionLost();
        harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket { SessionPresent = true });
        Assert.Empty(harness.Client.Resubscribe());

        harness.Client.ConnectionLost();
        harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket());
        Assert.Equal(2, harness.Client.Resubscribe().Count);
        var sent = harness.Sent().Cast<SubscribePacket>().ToList();
        Assert.Equal([null, 5u], sent.Select(packet => packet.SubscriptionIdentifier));
        Assert.Equal(["a", "c", "b"], sent.SelectMany(packet => packet.Subscriptions).Select(subscription => subscription.Filter));
        Assert.Equal(default, harness.Client.Unsubscribe(["a"])); // One user is left.
    }

    [Fact]
    public void Requests_without_an_answer_are_told_and_can_be_made_again()
    {
        var harness = Connected();
        var request = harness.Client.Subscribe([Filter("a")]);
        var told = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Client.ConnectionLost()));
        Assert.Equal([request.PacketId], told.AbandonedRequests);
        harness.Connect(new ConnectPacket { ClientId = "c" }, new ConnAckPacket { SessionPresent = true });
        Assert.Null(Assert.Single(harness.Client.Resubscribe()).Error);
        Assert.Equal(["a"], harness.SentOne<SubscribePacket>().Subscriptions.Select(subscription => subscription.Filter));
    }

    private static Subscription Filter(string filter, QualityOfService qos = QualityOfService.AtMostOnce) => new() { Filter = filter, MaximumQoS = qos };

    private static void Grant(ClientHarness harness, Subscription subscription, uint? identifier = null)
    {
        var request = harness.Client.Subscribe([subscription], identifier);
        Assert.Equal(request.PacketId, harness.SentOne<SubscribePacket>().PacketId);
        harness.ReceiveOne<ClientSubscribed>(
            new SubAckPacket { PacketId = request.PacketId, ReasonCodes = [(ReasonCode)subscription.MaximumQoS] });
    }
}
