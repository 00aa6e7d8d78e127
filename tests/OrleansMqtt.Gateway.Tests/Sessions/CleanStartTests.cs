using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class CleanStartTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task A_clean_start_discards_subscriptions_and_messages(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", version, cleanStart: false, sessionExpiry: 100);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce);

        client = await broker.ConnectAsync("c", version);

        Assert.False(client.ConnAck!.SessionPresent);
        await client.ExpectNothingAsync();
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
        Assert.Equal(1, broker.Metrics.Dropped(Diagnostics.DropReason.SessionEnded));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task The_first_connection_finds_no_session()
    {
        await using var broker = await TestBroker.StartAsync();

        Assert.False((await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 10)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task A_3_1_client_is_not_told_of_its_session_and_has_it()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", ProtocolVersion.V31, cleanStart: false);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");

        client = await broker.ConnectAsync("c", ProtocolVersion.V31, cleanStart: false);

        Assert.False(client.ConnAck!.SessionPresent);
        await client.PublishAsync("t", "x");
        Assert.Equal("x", (await client.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task A_resumed_session_has_its_subscriptions_with_all_their_options()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);
        await client.SubscribeAsync(7, new Subscription { Filter = "t/#", MaximumQoS = QualityOfService.AtLeastOnce, NoLocal = true, RetainAsPublished = true });
        await broker.LoseAsync(client, "c");
        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100);
        var publisher = await broker.ConnectAsync("p");

        foreach (var qos in (QualityOfService[])[QualityOfService.AtMostOnce, QualityOfService.ExactlyOnce])
        {
            await publisher.PublishAsync("t/a", "x", qos, retain: true);
            var received = await client.ReceivePublishAsync();
            Assert.Equal((qos > 0 ? QualityOfService.AtLeastOnce : 0, true), (received.QoS, received.Retain));
            Assert.Equal([7u], received.SubscriptionIdentifiers);
            await client.PublishAsync("t/a", "own", qos);
            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Unsubscribing_outlives_the_connection_too()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);
        await client.SubscribeAsync("keep");
        await client.SubscribeAsync("give up");
        Assert.Equal([ReasonCode.Success, ReasonCode.NoSubscriptionExisted], await client.UnsubscribeAsync("give up", "never had"));
        await broker.LoseAsync(client, "c");
        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100);
        var publisher = await broker.ConnectAsync("p");

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("give up", "x", QualityOfService.AtLeastOnce));
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("keep", "y", QualityOfService.AtLeastOnce));
        Assert.Equal("y", (await client.ReceivePublishAsync()).Text());
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_QoS_0_message_for_an_absent_session_is_not_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "lost");
        await publisher.PublishAsync("t", "kept", QualityOfService.AtLeastOnce);

        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100);

        Assert.Equal("kept", (await client.ReceivePublishAsync()).Text());
        await client.ExpectNothingAsync();
    }
}
