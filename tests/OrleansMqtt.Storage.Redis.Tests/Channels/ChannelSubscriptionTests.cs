using System.Threading.Channels;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Storage.Redis.Channels;
using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

/// <summary>Whether a connection by which nothing comes still stands.</summary>
public sealed class ChannelSubscriptionTests
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public ChannelSubscriptionTests() => _time.TimerSet += timer => _timers.Writer.TryWrite(timer);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_answers_is_there()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await OpenAsync(server);
        using var counts = new ChannelCounts();
        var subscription = await BeginAsync(connection, counts);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var watching = subscription.WatchAsync(enough.Token);
        for (var i = 0; i < 5; i++)
        {
            await PassAsync();
            Assert.Empty(await subscription.ReadAsync(Stop).AsTask().WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, Stop));
        }
        Assert.False(watching.IsCompleted);
        await enough.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task One_that_does_not_is_left()
    {
        await using var server = await RedisServer.StartAsync();
        await using var connection = await OpenAsync(server);
        using var counts = new ChannelCounts();
        var subscription = await BeginAsync(connection, counts);
        await server.SignalAsync("STOP");
        var reading = subscription.ReadAsync(Stop).AsTask();
        var watching = subscription.WatchAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(watching.IsCompleted);
            await PassAsync();
        }
        await watching.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, Stop));
    }

    [Theory]
    [InlineData(",password=right", null)]
    [InlineData(",password=wrong", "Redis says: WRONGPASS")]
    [InlineData("", "Redis says: NOAUTH")]
    public async Task A_password_is_given(string password, string? problem)
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "right");
        using var counts = new ChannelCounts();
        var exception = await Record.ExceptionAsync(async () =>
        {
            await using var connection = await OpenAsync(server, password);
            await BeginAsync(connection, counts);
        });
        Assert.Equal(problem is null, exception is null);
        if (problem is not null) Assert.StartsWith(problem, Assert.IsType<IOException>(exception).Message, StringComparison.Ordinal);
    }

    private static Task<RespConnection> OpenAsync(RedisServer server, string rest = "")
    {
        var options = new RedisChannelOptions { ConnectionString = server.Address + rest };
        return RespConnection.OpenAsync(options.ConnectionString, options.Parse(), Stop);
    }

    private async Task<ChannelSubscription> BeginAsync(RespConnection connection, ChannelCounts counts)
    {
        var subscription = new ChannelSubscription(connection, new ChannelPatterns(["a/#"]), ChannelMarker.ChannelOf("c"), QualityOfService.AtMostOnce, counts, _time);
        await subscription.BeginAsync(Stop);
        return subscription;
    }

    // The next ping is due once the watch waits for it.
    private async Task PassAsync()
    {
        Assert.Equal(PingInterval, await _timers.Reader.ReadAsync(Stop).AsTask().WaitAsync(BridgeUnderTest.Guard, TimeProvider.System, Stop));
        _time.Advance(PingInterval);
    }
}
