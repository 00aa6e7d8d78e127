using System.Text;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Authorizing;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class MountPointTests
{
    private static readonly ListenerOptions Mounted = new() { MountPoint = "site/" };

    [Theory]
    [InlineData("a/b", "site/a/b")]
    [InlineData("#", "site/#")]
    [InlineData("+/x", "site/+/x")]
    [InlineData("$share/g/+/x", "$share/g/site/+/x")]
    [InlineData("$oshare/g/x", "$oshare/g/site/x")]
    [InlineData("$share/g", "$share/g")]
    public void It_stands_before_the_filter_and_behind_the_group(string filter, string whole) => Assert.Equal(whole, new MountPoint("site/").AddToFilter(filter));

    [Theory]
    [InlineData("site/a", "a")]
    [InlineData("site/", "site/")]
    [InlineData("site", "site")]
    [InlineData("other/a", "other/a")]
    public void It_is_left_out_of_what_lies_behind_it(string whole, string seen) => Assert.Equal(seen, Encoding.UTF8.GetString(new MountPoint("site/").Remove(Encoding.UTF8.GetBytes(whole))));

    [Fact]
    public void A_topic_that_would_be_too_long_is_none()
    {
        Assert.Equal(65_535, new MountPoint("site/").Add(new byte[65_530]).Length);
        Assert.True(new MountPoint("site/").Add(new byte[65_531]).IsEmpty);
    }

    [Theory]
    [InlineData("a+")]
    [InlineData("a/#")]
    [InlineData("$share/g/")]
    [InlineData("\0")]
    public void What_begins_no_topic_is_no_mount_point(string text) => Assert.Throws<ArgumentException>(() => new MountPoint(text));

    [Theory]
    [InlineData(ProtocolVersion.V50, null)]
    [InlineData(ProtocolVersion.V50, 60u)]
    [InlineData(ProtocolVersion.V311, null)]
    public async Task Its_clients_see_nothing_of_it_and_access_lists_see_the_whole(ProtocolVersion version, uint? sessionExpiry)
    {
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules], listener: Mounted);
        var client = await broker.ConnectAsync("client", version, sessionExpiry: sessionExpiry);
        await client.SubscribeAsync(new Subscription { Filter = "a/#", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "$share/g/b", MaximumQoS = QualityOfService.AtLeastOnce });
        foreach (var topic in (string[])["a", "a/x", "b"])
        {
            await client.SendAsync(new PublishPacket { Topic = topic, Payload = "x"u8.ToArray() });
            Assert.Equal(topic, (await client.ReceivePublishAsync()).Topic);
        }
        Assert.Equal(["site/a/#", "site/b", "site/a", "site/a/x", "site/b"], rules.Requests.Select(static r => r.Topic));
        Assert.Equal(ReasonCode.Success, Assert.Single((await UnsubscribeAsync(client, "a/#")).Distinct()));
        await client.PublishAsync("a", "x");
        await client.ExpectNothingAsync();
    }

    private static async Task<IReadOnlyList<ReasonCode>> UnsubscribeAsync(TestClient client, string filter)
    {
        await client.SendAsync(new UnsubscribePacket { PacketId = client.NextPacketId(), Filters = [filter] });
        var answer = await client.ReceiveAsync<UnsubAckPacket>();
        return client.Version == ProtocolVersion.V50 ? answer.ReasonCodes : [ReasonCode.Success];
    }

    [Fact]
    public async Task Retained_messages_and_wills_lie_behind_it_too()
    {
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules], listener: Mounted);
        var client = await broker.ConnectAsync("client", will: new Will { Topic = "will", Payload = "gone"u8.ToArray(), Retain = true });
        await client.PublishAsync("kept", "x", QualityOfService.AtLeastOnce, retain: true);
        await broker.LoseAsync(client, "client");
        var reader = await broker.ConnectAsync("reader");
        await reader.SubscribeAsync("#");
        var received = await reader.ReceiveAllAsync(2);
        Assert.Equal(["kept", "will"], received.Select(static p => p.Topic).Order());
        Assert.Contains(rules.Requests, static r => r is { Action: TopicAction.Publish, Topic: "site/will", Retain: true });
    }

    [Fact]
    public async Task Topic_aliases_work_behind_it()
    {
        await using var broker = await TestBroker.StartAsync(listener: Mounted);
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, TopicAliasMaximum = 5 });
        await client.SubscribeAsync("#");
        await client.SendAsync(new PublishPacket { Topic = "long", TopicAlias = 1, Payload = "1"u8.ToArray() });
        await client.SendAsync(new PublishPacket { Topic = "", TopicAlias = 1, Payload = "2"u8.ToArray() });
        var (first, second) = (await client.ReceivePublishAsync(), await client.ReceivePublishAsync());
        Assert.Equal(("long", first.TopicAlias, ""), (first.Topic, second.TopicAlias, second.Topic));
    }
}
