using OrleansMqtt.Storage.Redis.Channels;
using OrleansMqtt.Storage.Redis.Tests.Support;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

public sealed class ChannelOutageTests(SharedServer shared)
{
    private readonly string _name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task While_Redis_is_away_messages_are_dropped_and_counted_and_then_it_goes_on()
    {
        await using var server = await RedisServer.StartAsync();
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(server.Address, _name, "#"));
        await bridge.StartAsync();
        var lost = Task.WhenAll(bridge.Log.NextAsync("does not reach Redis channels"), bridge.Log.NextAsync("does not reach topics"));
        await server.KillAsync();
        await lost.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) bridge.Publish("a", $"{i}");
        Assert.Equal(3, bridge.Counts.Dropped(ChannelDrop.Disconnected));

        var back = Task.WhenAll(bridge.Log.NextAsync("goes to Redis channels"), bridge.Log.NextAsync("comes in here"));
        await server.RunAsync();
        await back.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var redis = await RedisClientUnderTest.ConnectAsync(server.Address);
        var received = redis.Subscribe("a", "after");
        bridge.Publish("a", "after");
        Assert.Equal(["after"], await received);
        await redis.PublishAsync("b", "after");
        Assert.Equal("b after", await bridge.NextAsync());
        // Once for each direction, however often it was tried.
        Assert.Equal(2, bridge.Log.Lines.Count(static line => line.Text.Contains("does not reach", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_start_does_not_wait_for_Redis()
    {
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options($"127.0.0.1:{RedisServer.FindFreePort()},password=s3cret", _name, "#"));
        var away = Task.WhenAll(bridge.Log.NextAsync("does not reach Redis channels"), bridge.Log.NextAsync("does not reach topics"));
        await bridge.BeginAsync();
        await away.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(bridge.Log.Lines, static line => line.Text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_ended_is_made_again()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await RedisClientUnderTest.ConnectAsync(server.Address);
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(server.Address, _name, "#"));
        await bridge.StartAsync();
        var back = Task.WhenAll(bridge.Log.NextAsync("goes to Redis channels"), bridge.Log.NextAsync("comes in here"));
        await redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
        await back.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, TestContext.Current.CancellationToken);
        await redis.PublishAsync("b", "after");
        Assert.Equal("b after", await bridge.NextAsync());
    }

    [Fact]
    public async Task What_waits_is_bounded_and_goes_out_in_the_end()
    {
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name, $"{_name}/#"));
        // Not started yet: nothing is taken out.
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        var end = redis.Subscribe($"{_name}/end", "end");
        var payload = new string('x', 1 << 20);
        for (var i = 0; i < 70; i++) bridge.Publish($"{_name}/a", payload);
        var dropped = bridge.Counts.Dropped(ChannelDrop.Full);
        Assert.Equal(70 - (ChannelPublisher.MostWaiting / (1 << 20)) + 1, dropped);
        bridge.Publish($"{_name}/end", "end");
        await bridge.StartPublishingAsync();
        await end;
        await bridge.StopPublishingAsync();
        Assert.Equal(70 - dropped + 1, bridge.Counts.Published);
    }

    [Fact]
    public async Task What_comes_in_is_held_up_while_too_much_waits_for_receivers()
    {
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        await using var bridge = new BridgeUnderTest(BridgeUnderTest.Options(shared.Address, _name, $"{_name}/#")) { IsStuck = true };
        await bridge.StartAsync();
        const int More = 2000;
        await Task.WhenAll(Enumerable.Range(0, ChannelSubscriber.MostWaiting + More).Select(i => redis.PublishAsync($"{_name}/a", $"{i}")));
        for (var i = 0; i < ChannelSubscriber.MostWaiting; i++) Assert.Equal($"{_name}/a {i}", await bridge.NextAsync());
        // One batch more at most.
        Assert.InRange(bridge.Counts.Received, ChannelSubscriber.MostWaiting, ChannelSubscriber.MostWaiting + 512);
    }

    [Fact]
    public async Task One_silo_subscribes_and_another_takes_over_when_it_stops()
    {
        await using var store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        await using var redis = await RedisClientUnderTest.ConnectAsync(shared.Address);
        var options = BridgeUnderTest.Options(shared.Address, _name, $"{_name}/#");
        await using var one = new BridgeUnderTest(options, new ChannelLease(store.Leases, TimeProvider.System, store.Log));
        await using var other = new BridgeUnderTest(options, new ChannelLease(store.Leases, TimeProvider.System, store.Log));
        await one.StartAsync();
        var taken = other.Log.NextAsync("comes in here");
        await other.StartSubscribingAsync();
        for (var i = 0; i < 3; i++) await redis.PublishAsync($"{_name}/a", $"{i}");
        for (var i = 0; i < 3; i++) Assert.Equal($"{_name}/a {i}", await one.NextAsync());
        Assert.False(taken.IsCompleted);

        await one.StopSubscribingAsync();
        await taken.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, TestContext.Current.CancellationToken);
        await redis.PublishAsync($"{_name}/a", "after");
        Assert.Equal($"{_name}/a after", await other.NextAsync());
        Assert.True(one.IsQuiet && other.IsQuiet);
    }
}
