using System.Text;
using OrleansMqtt.Storage.Redis.Channels;
using OrleansMqtt.Storage.Redis.Tests.Support;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

/// <summary>Topics and channels, against a server.</summary>
public sealed class ChannelTests(SharedServer shared)
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_is_published_on_a_topic_is_published_on_its_channel_in_its_order()
    {
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name, $"{_name}/+/é"));
        var received = redis.Subscribe($"{_name}/1/é", "end");
        await bridge.StartPublishingAsync();
        for (var i = 0; i < 2000; i++) bridge.Publish($"{_name}/1/é", $"{i}\r\n");
        bridge.Publish($"{_name}/1/other", "not bridged");
        bridge.Publish($"{_name}/1/é", "end");
        Assert.Equal([.. Enumerable.Range(0, 2000).Select(static i => $"{i}\r\n"), "end"], await received);
        await bridge.StopPublishingAsync();
        Assert.Equal(2001, bridge.Counts.Published);
    }

    [Fact]
    public async Task What_is_published_on_a_channel_comes_in_once_if_a_filter_matches()
    {
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name, $"{_name}/+", $"{_name}/#", $"{_name}/x/+/y*"));
        await bridge.StartAsync();
        foreach (var channel in (string[])["", "/1", "/x/1/y*", "/+", "/a#b", "/x/1/y1"]) await redis.PublishAsync(_name + channel, "m");
        foreach (var topic in (string[])["", "/1", "/x/1/y*", "/x/1/y1"]) Assert.Equal($"{_name}{topic} m", await bridge.NextAsync());
        await redis.PublishAsync([.. Encoding.UTF8.GetBytes($"{_name}/"), 0xFF], "no UTF-8");
        await redis.PublishAsync($"{_name}/end", "");
        Assert.Equal($"{_name}/end ", await bridge.NextAsync());
        Assert.Equal((3, 5), (bridge.Counts.Dropped(ChannelDrop.InvalidTopic), bridge.Counts.Received));
    }

    [Fact]
    public async Task Nothing_of_its_own_comes_back_to_a_cluster_and_nothing_of_others_is_left_out()
    {
        const int Messages = 3000;
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        var options = BridgeUnderTest.Options(shared.Address, _name, $"{_name}/+", $"{_name}/#");
        await using var one = new BridgeUnderTest(options);
        await using var other = new BridgeUnderTest(options);
        await one.StartAsync();
        await other.StartPublishingAsync();
        // On the same channels, all at once.
        var publishing = Task.WhenAll(
            Task.Run(() => PublishAll(one), TestContext.Current.CancellationToken), Task.Run(() => PublishAll(other), TestContext.Current.CancellationToken),
            Task.Run(async () => await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => redis.PublishAsync($"{_name}/{i % 3}", $"{i}"))), TestContext.Current.CancellationToken));
        for (var i = 0; i < Messages; i++) Assert.Equal($"{_name}/{i % 3} {i}", await one.NextAsync());
        await publishing;
        foreach (var bridge in (BridgeUnderTest[])[one, other])
        {
            var last = redis.Subscribe($"{_name}/last", "last");
            bridge.Publish($"{_name}/last", "last");
            await last;
        }
        await one.StopPublishingAsync();
        await other.StopPublishingAsync();
        await redis.PublishAsync($"{_name}/end", "m");
        Assert.Equal($"{_name}/end m", await one.NextAsync());
        Assert.Equal((2L * (Messages + 1), Messages + 1L), (one.Counts.Published + other.Counts.Published, one.Counts.Received));

        void PublishAll(BridgeUnderTest bridge)
        {
            for (var i = 0; i < Messages; i++) bridge.Publish($"{_name}/{i % 3}", "own");
        }
    }

    [Fact]
    public async Task Two_clusters_have_each_other_s_messages()
    {
        await using var one = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name + "-1", $"{_name}/#"));
        await using var other = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name + "-2", $"{_name}/#"));
        await one.StartAsync();
        await other.StartAsync();
        one.Publish($"{_name}/a", "1");
        Assert.Equal($"{_name}/a 1", await other.NextAsync());
        other.Publish($"{_name}/a", "2");
        Assert.Equal($"{_name}/a 2", await one.NextAsync());
    }

    [Fact]
    public async Task After_a_script_that_was_killed_others_messages_come_in_again()
    {
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name, $"{_name}/+"));
        await bridge.StartAsync();
        // The first marker of a batch of two, without the second.
        await redis.PublishAsync(ChannelMarker.ChannelOf(_name), "2");
        for (var i = 0; i < 3; i++) await redis.PublishAsync($"{_name}/a", $"{i}");
        Assert.Equal($"{_name}/a 2", await bridge.NextAsync());
    }

    [Fact]
    public async Task A_message_is_refused_where_its_user_may_not_publish_it()
    {
        await using var server = await RedisServer.StartAsync("--user", "default", "on", ">right", "~*", "+@all", "&allowed/*", "&$orleansmqtt/*");
        await using var redis = await RedisClientUnderTest.ConnectAsync(server.Address + ",password=right");
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(server.Address + ",password=right", _name, "+/a") with { Subscribe = ["allowed/+"] });
        await bridge.StartAsync();
        var received = redis.Subscribe("allowed/a", "end");
        bridge.Publish("denied/a", "1");
        bridge.Publish("allowed/a", "end");
        Assert.Equal(["end"], await received);
        await bridge.StopPublishingAsync();
        Assert.Equal((1, 1), (bridge.Counts.Published, bridge.Counts.Dropped(ChannelDrop.Refused)));
        Assert.Single(bridge.Log.Lines, static line => line.Text.StartsWith("Redis refuses messages of channels: ", StringComparison.Ordinal));
        Assert.True(bridge.IsQuiet);
    }
}
