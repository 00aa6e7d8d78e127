using System.Text;
using System.Threading.Channels;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage.Redis.Channels;
using OrleansMqtt.Storage.Redis.Tests.Support;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

/// <summary>What a silo has of channels, without the silo: a test publishes in the router's place, and sees what comes in.</summary>
internal sealed class BridgeUnderTest : IPublishInlet, IAsyncDisposable
{
    /// <summary>Turns a hang into a failure, and decides nothing else.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private readonly ChannelPublisher _publisher;
    private readonly ChannelSubscriber _subscriber;

    public BridgeUnderTest(RedisChannelOptions options, ChannelLease? lease = null)
    {
        var configuration = options.Parse();
        _publisher = new ChannelPublisher(options, configuration, Counts, TimeProvider.System, Log);
        _subscriber = new ChannelSubscriber(options, configuration, this, lease, Counts, TimeProvider.System, Log);
    }

    public ListLogger Log { get; } = new();

    public ChannelCounts Counts { get; } = new();

    /// <summary>Messages that are routed are made to wait for receivers that never have them.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Both directions, of one cluster.</summary>
    public static RedisChannelOptions Options(string address, string cluster, params string[] filters) => new() { ConnectionString = address, ClusterId = cluster, Publish = filters, Subscribe = filters };

    /// <summary>Starts both directions, whether Redis is there or not.</summary>
    public async Task BeginAsync()
    {
        await _publisher.StartAsync();
        await _subscriber.StartAsync();
    }

    /// <summary>Starts, and returns when both directions work.</summary>
    public async Task StartAsync()
    {
        await StartPublishingAsync();
        var receiving = Log.NextAsync("comes in here");
        await _subscriber.StartAsync();
        await receiving.WaitAsync(Guard, TimeProvider.System);
    }

    public async Task StartPublishingAsync()
    {
        var publishing = Log.NextAsync("goes to Redis channels");
        await _publisher.StartAsync();
        await publishing.WaitAsync(Guard, TimeProvider.System);
    }

    /// <summary>Begins to subscribe when it is its turn.</summary>
    public Task StartSubscribingAsync() => _subscriber.StartAsync();

    public Task StopSubscribingAsync() => _subscriber.StopAsync();

    public Task StopPublishingAsync() => _publisher.StopAsync();

    /// <summary>As the router does.</summary>
    public void Publish(string topic, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(topic);
        var publish = new PublishView(new Message(bytes, [], Encoding.UTF8.GetBytes(payload)));
        if (_publisher.Wants(bytes)) _publisher.Take(ref publish);
    }

    /// <summary>The next message that comes in: topic and payload.</summary>
    public async Task<string> NextAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Guard, TimeProvider.System);

    /// <summary>Whether nothing has come in that the test has not seen.</summary>
    public bool IsQuiet => _received.Reader.Count == 0;

    public ValueTask<IReadOnlyList<PendingPublish>> RouteAsync(IReadOnlyList<Message> messages)
    {
        foreach (var message in messages) _received.Writer.TryWrite($"{message.TopicName} {Encoding.UTF8.GetString(message.Payload)}");
        return ValueTask.FromResult<IReadOnlyList<PendingPublish>>(IsStuck ? [.. messages.Select(static _ => new PendingPublish())] : []);
    }

    public async ValueTask DisposeAsync()
    {
        await _subscriber.StopAsync();
        await _publisher.StopAsync();
        _subscriber.Dispose();
        _publisher.Dispose();
        Counts.Dispose();
    }
}
