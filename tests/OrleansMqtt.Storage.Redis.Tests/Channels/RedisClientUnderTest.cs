using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

/// <summary>A plain client of Redis.</summary>
internal sealed class RedisClientUnderTest : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _client;

    private RedisClientUnderTest(ConnectionMultiplexer client) => _client = client;

    public static async Task<RedisClientUnderTest> ConnectAsync(string connectionString)
    {
        var configuration = ConfigurationOptions.Parse(connectionString);
        // It subscribes to nothing by itself.
        (configuration.ConfigurationChannel, configuration.TieBreaker) = ("", "");
        return new RedisClientUnderTest(await ConnectionMultiplexer.ConnectAsync(configuration));
    }

    public Task PublishAsync(string channel, string payload) => PublishAsync(System.Text.Encoding.UTF8.GetBytes(channel), payload);

    public Task PublishAsync(byte[] channel, string payload) => _client.GetDatabase().ExecuteAsync("PUBLISH", channel, payload);

    public Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => _client.GetDatabase().ExecuteAsync(command, arguments);

    /// <summary>Subscribes; completed with all payloads when one is <paramref name="last"/>.</summary>
    public Task<IReadOnlyList<string>> Subscribe(string channel, string last)
    {
        var (received, all) = (new List<string>(), new TaskCompletionSource<IReadOnlyList<string>>(TaskCreationOptions.RunContinuationsAsynchronously));
        _client.GetSubscriber().Subscribe(new RedisChannel(channel, RedisChannel.PatternMode.Literal), (_, payload) =>
        {
            lock (received)
            {
                received.Add((string)payload!);
                if (payload == last) all.TrySetResult([.. received]);
            }
        });
        return all.Task.WaitAsync(BridgeUnderTest.Guard, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _client.Close(allowCommandsToComplete: false);
        _client.Dispose();
        return default;
    }
}
