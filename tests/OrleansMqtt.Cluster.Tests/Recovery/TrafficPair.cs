using System.Net;
using OrleansMqtt.Cluster.Tests.Clients;

namespace OrleansMqtt.Cluster.Tests.Recovery;

/// <summary>Two connected clients on two gateways: one message after the other goes from here to there, and the longest wait for one is noted.</summary>
internal sealed class TrafficPair : IDisposable
{
    private readonly ClusterClient _publisher;
    private readonly ClusterClient _subscriber;
    private readonly string _topic;
    private volatile bool _isStopping;
    private Task _running = Task.CompletedTask;

    private TrafficPair(ClusterClient publisher, ClusterClient subscriber, string topic) => (_publisher, _subscriber, _topic) = (publisher, subscriber, topic);

    /// <summary>The longest time from publishing a message to having it there and its PUBACK here.</summary>
    public TimeSpan Longest { get; private set; }

    public static async Task<TrafficPair> StartAsync(EndPoint here, EndPoint there, string name)
    {
        var subscriber = await ClusterClient.ConnectAsync(there, $"{name}-subscriber");
        await subscriber.SubscribeAsync(name);
        var pair = new TrafficPair(await ClusterClient.ConnectAsync(here, $"{name}-publisher"), subscriber, name);
        pair._running = pair.RunAsync();
        return pair;
    }

    /// <summary>Ends with the message that is on its way.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _running;
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
    }

    private async Task RunAsync()
    {
        for (var i = 0; !_isStopping; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await _publisher.PublishAsync(_topic, $"{i}");
            while (await _subscriber.NextAsync() != $"{i}")
            {
                // One that came a second time.
            }

            var wait = TimeProvider.System.GetElapsedTime(start);
            if (wait > Longest) Longest = wait;
        }
    }
}
