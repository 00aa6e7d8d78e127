using System.Net;
using OrleansMqtt.Cluster.Tests.Clients;

namespace OrleansMqtt.Cluster.Tests.Recovery;

/// <summary>
/// Two connected clients on two gateways: one message after the other goes from here to there, and the longest wait for one is noted. When one of them is closed both connect again, and the message is
/// published again.
/// </summary>
internal sealed class TrafficPair : IDisposable
{
    private readonly EndPoint _here;
    private readonly EndPoint _there;
    private readonly string _topic;
    private ClusterClient _publisher = null!;
    private ClusterClient _subscriber = null!;
    private volatile bool _isStopping;
    private Task _running = Task.CompletedTask;

    private TrafficPair(EndPoint here, EndPoint there, string topic) => (_here, _there, _topic) = (here, there, topic);

    /// <summary>The longest time from publishing a message to having it there and its PUBACK here.</summary>
    public TimeSpan Longest { get; private set; }

    public static async Task<TrafficPair> StartAsync(EndPoint here, EndPoint there, string name)
    {
        var pair = new TrafficPair(here, there, name);
        await pair.ConnectAsync();
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

    private async Task ConnectAsync()
    {
        _subscriber = await ClusterClient.ComeInAsync(_there, $"{_topic}-subscriber", 0, _topic);
        _publisher = await ClusterClient.ComeInAsync(_here, $"{_topic}-publisher", 0);
    }

    private async Task<bool> TryPassAsync(string text)
    {
        if (!await _publisher.TryPublishAsync(_topic, text)) return false;
        while (await _subscriber.NextOrEndAsync() is { } received)
        {
            // Another one came a second time.
            if (received == text) return true;
        }

        return false;
    }

    private async Task RunAsync()
    {
        for (var i = 0; !_isStopping; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (!await TryPassAsync($"{i}"))
            {
                Dispose();
                await ConnectAsync();
            }

            var wait = TimeProvider.System.GetElapsedTime(start);
            if (wait > Longest) Longest = wait;
        }
    }
}
