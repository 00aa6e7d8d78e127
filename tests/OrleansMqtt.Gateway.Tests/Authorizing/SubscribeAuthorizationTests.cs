using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

public sealed class SubscribeAuthorizationTests
{
    // Subscribing to "part/#" is allowed in part, without "part/secret"; to "secret" not.
    private static Rules NewRules() => new()
    {
        Answer = static r => r.Action != TopicAction.Subscribe ? AuthorizationResult.Allow : r.Topic == "secret" ? AuthorizationResult.Deny : r.Topic == "part/#" ? AuthorizationResult.AllowInPart : AuthorizationResult.Allow,
        MayReceive = static r => r.Topic == "part/secret" ? AuthorizationResult.Deny : AuthorizationResult.Allow,
    };

    [Theory]
    [InlineData(ProtocolVersion.V50, ReasonCode.NotAuthorized)]
    [InlineData(ProtocolVersion.V311, ReasonCode.UnspecifiedError)]
    public async Task Each_filter_is_decided_for_itself(ProtocolVersion version, ReasonCode refused)
    {
        var rules = NewRules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client", version);
        Assert.Equal(
            [ReasonCode.GrantedQos1, refused, ReasonCode.GrantedQos2, refused],
            await client.SubscribeAsync(
                new Subscription { Filter = "a", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "secret" },
                new Subscription { Filter = "$share/g/a", MaximumQoS = QualityOfService.ExactlyOnce }, new Subscription { Filter = "$share/g/secret" }));
        Assert.Equal(["a", "secret", "a", "secret"], rules.Requests.Select(static r => r.Topic));
        Assert.Equal(QualityOfService.AtLeastOnce, rules.Requests[0].QoS);
        await client.PublishAsync("secret", "no");
        await client.PublishAsync("a", "yes");
        Assert.Equal(["yes", "yes"], await client.ReceiveTextsAsync(2));
        Assert.Equal(2, broker.Security().Denials);
    }

    [Fact]
    public async Task A_client_of_3_1_can_t_be_told_and_is_closed()
    {
        await using var broker = await Doors.StartAsync([NewRules()]);
        var client = await broker.ConnectAsync("client", ProtocolVersion.V31);
        await client.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "secret" }] });
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task One_that_fails_refuses_the_subscription()
    {
        var rules = new Rules { Answer = static _ => throw new InvalidOperationException("broken") };
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        Assert.Equal([ReasonCode.NotAuthorized], await client.SubscribeAsync("a"));
    }

    [Theory]
    [InlineData(false, QualityOfService.AtMostOnce)]
    [InlineData(false, QualityOfService.AtLeastOnce)]
    [InlineData(false, QualityOfService.ExactlyOnce)]
    [InlineData(true, QualityOfService.AtMostOnce)]
    [InlineData(true, QualityOfService.AtLeastOnce)]
    [InlineData(true, QualityOfService.ExactlyOnce)]
    public async Task Of_what_is_allowed_in_part_each_message_is_asked_about(bool persistent, QualityOfService qos)
    {
        var rules = NewRules();
        await using var broker = await Doors.StartAsync([rules]);
        var publisher = await broker.ConnectAsync("publisher");
        await publisher.PublishAsync("part/secret", "old secret", QualityOfService.AtLeastOnce, retain: true);
        await publisher.PublishAsync("part/open", "old open", QualityOfService.AtLeastOnce, retain: true);
        var client = await broker.ConnectAsync("client", sessionExpiry: persistent ? 60 : null);
        await client.SubscribeAsync("part/#", qos);
        Assert.Equal("old open", await client.ReceiveTextAsync());

        for (var i = 0; i < 3; i++)
        {
            await publisher.PublishAsync("part/secret", "secret", qos);
            await publisher.PublishAsync("part/open", $"open {i}", qos);
        }

        Assert.Equal(["open 0", "open 1", "open 2"], await client.ReceiveTextsAsync(3));
        await client.SettledAsync();
        Assert.Equal(4, broker.Metrics.Dropped(DropReason.NotAuthorized));
        // Each topic once.
        Assert.Equal(2, rules.Received);
        await broker.DrainedAsync("client");
        broker.AssertAccounts();
    }

    [Fact]
    public async Task What_comes_by_a_subscription_that_is_allowed_is_not_asked_about()
    {
        await using var broker = await Doors.StartAsync([NewRules()]);
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("part/#");
        await client.SubscribeAsync("+/secret", QualityOfService.AtMostOnce);
        await client.PublishAsync("part/secret", "x");
        Assert.Equal("x", await client.ReceiveTextAsync());
        await client.UnsubscribeAsync("+/secret");
        await client.PublishAsync("part/secret", "x");
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task What_one_member_of_a_group_may_not_have_goes_to_another(QualityOfService qos)
    {
        var rules = NewRules();
        rules.Answer = static r => r.Action == TopicAction.Subscribe ? AuthorizationResult.AllowInPart : AuthorizationResult.Allow;
        rules.MayReceive = static r => r.ClientId == "may" ? AuthorizationResult.Allow : AuthorizationResult.Deny;
        await using var broker = await Doors.StartAsync([rules]);
        var (may, mayNot) = (await broker.ConnectAsync("may"), await broker.ConnectAsync("may not"));
        foreach (var member in (TestClient[])[mayNot, may]) await member.SubscribeAsync("$share/g/a", qos);
        var publisher = await broker.ConnectAsync("publisher");
        for (var i = 0; i < 6; i++) await publisher.PublishAsync("a", $"{i}", qos);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], await may.ReceiveTextsAsync(6));
        await mayNot.ExpectNothingAsync();
    }

    [Fact]
    public async Task One_that_fails_lets_no_message_through()
    {
        var rules = NewRules();
        rules.MayReceive = static _ => throw new InvalidOperationException("broken");
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("part/#");
        await client.PublishAsync("part/a", "x");
        await client.ExpectNothingAsync();
        Assert.Equal(1, broker.Metrics.Dropped(DropReason.NotAuthorized));
    }
}
