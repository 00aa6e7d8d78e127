using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Shared;

public sealed class SharedGroupTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task Members_take_messages_in_turn(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var members = await JoinAsync(broker, 3, "$share/g/t/+");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 9; i++) await publisher.PublishAsync($"t/{i}", $"{i}", qos);

        var received = new List<string>();
        foreach (var member in members) received.AddRange(await member.ReceiveTextsAsync(3));

        foreach (var member in members) await member.ExpectNothingAsync();
        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"{i}"), received.Order());
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Each_group_and_each_subscriber_of_its_own_gets_a_copy()
    {
        await using var broker = await TestBroker.StartAsync();
        var clients = new List<TestClient>();
        foreach (var filter in (string[])["$share/g/t", "$share/h/t", "t", "$share/g/+"])
        {
            clients.Add(await broker.ConnectAsync(filter));
            await clients[^1].SubscribeAsync(filter);
        }
        await (await broker.ConnectAsync("p")).PublishAsync("t", "m", QualityOfService.AtLeastOnce);

        foreach (var client in clients)
        {
            Assert.Equal("m", (await client.ReceivePublishAsync()).Text());
            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_client_in_the_group_and_subscribed_by_itself_gets_a_copy_for_each()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(1, new Subscription { Filter = "$share/g/t", MaximumQoS = QualityOfService.AtMostOnce });
        await client.SubscribeAsync(2, new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtMostOnce });
        await (await broker.ConnectAsync("p")).PublishAsync("t", "m");

        var copies = new[] { await client.ReceivePublishAsync(), await client.ReceivePublishAsync() };

        Assert.Equal([1u, 2u], copies.SelectMany(c => c.SubscriptionIdentifiers).Order());
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_member_whose_window_is_full_is_passed_over_while_another_is_free()
    {
        await using var broker = await TestBroker.StartAsync();
        var busy = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "busy", ReceiveMaximum = 1 });
        var free = await broker.ConnectAsync("free");
        foreach (var member in (TestClient[])[busy, free]) await member.SubscribeAsync("$share/g/t", QualityOfService.AtLeastOnce);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 10; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        // It does not acknowledge its first.
        var held = (await busy.ReceiveAsync<PublishPacket>()).Text();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}").Where(t => t != held), await free.ReceiveTextsAsync(9));
        await busy.ExpectNothingAsync();
    }

    [Fact]
    public async Task When_all_members_are_busy_messages_wait()
    {
        await using var broker = await TestBroker.StartAsync();
        var busy = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "busy", ReceiveMaximum = 1 });
        await busy.SubscribeAsync("$share/g/t", QualityOfService.AtLeastOnce);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 10; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), await busy.ReceiveTextsAsync(10));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_message_that_no_member_can_take_is_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 2 } });
        var busy = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "busy", ReceiveMaximum = 1 });
        await busy.SubscribeAsync("$share/g/t", QualityOfService.AtLeastOnce);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal(2, broker.Metrics.Dropped(DropReason.NoSharedMember));
        Assert.Equal(["0", "1", "2"], await busy.ReceiveTextsAsync(3));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Unsubscribing_leaves_the_group()
    {
        await using var broker = await TestBroker.StartAsync();
        var members = await JoinAsync(broker, 2, "$share/g/t");
        Assert.Equal([ReasonCode.Success], await members[0].UnsubscribeAsync("$share/g/t"));
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 4; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal(["0", "1", "2", "3"], await members[1].ReceiveTextsAsync(4));
        await members[0].ExpectNothingAsync();
        await members[1].UnsubscribeAsync("$share/g/t");
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task A_group_whose_persistent_members_all_ended_has_no_member_left()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        // Other changes of the same filter's partition keep the way to its topic grain busy.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            for (var i = 0; i < 25; i++)
            {
                var client = await ConnectAsync(broker, $"c{n}");
                await client.SubscribeAsync("$share/g/t", QualityOfService.AtLeastOnce);
                await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 0 });
                await client.ExpectClosedAsync();
            }
        }));
        // Behind the sessions' ends, which their grains carry out in turn.
        for (var n = 0; n < 8; n++) Assert.False((await ConnectAsync(broker, $"c{n}")).ConnAck!.SessionPresent);

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task Shared_subscribers_get_no_retained_messages_at_subscribe()
    {
        await using var broker = await TestBroker.StartAsync();
        await (await broker.ConnectAsync("p")).PublishAsync("t", "retained", QualityOfService.AtLeastOnce, retain: true);
        var member = (await JoinAsync(broker, 1, "$share/g/t"))[0];

        await member.ExpectNothingAsync();
    }

    private static async Task<TestClient> ConnectAsync(TestBroker broker, string clientId)
    {
        TestClient client;
        // The broker's list of clients is for one caller at a time.
        lock (broker) client = broker.Open();
        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = clientId, SessionExpiryInterval = 1000 });
        client.ConnAck = await client.ReceiveAsync<ConnAckPacket>();
        return client;
    }

    private static async Task<List<TestClient>> JoinAsync(TestBroker broker, int count, string filter)
    {
        var members = new List<TestClient>();
        for (var i = 0; i < count; i++)
        {
            members.Add(await broker.ConnectAsync($"m{i}"));
            await members[i].SubscribeAsync(filter);
        }
        return members;
    }
}
