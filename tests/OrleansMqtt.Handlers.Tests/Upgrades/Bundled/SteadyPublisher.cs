using System.Globalization;
using OrleansMqtt.TestingHost;
using OrleansMqtt.TestingHost.Tests.Support;

namespace OrleansMqtt.Handlers.Tests.Upgrades;

/// <summary>Publishes numbers from 1 to a topic, one after the other, until it is told to stop; each has been acknowledged before the next one.</summary>
internal sealed class SteadyPublisher
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private readonly Lock _lock = new();
    private readonly Task _publishing;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private int _count;

    public SteadyPublisher(MqttTestCluster cluster, string name, string topic) => _publishing = Task.Run(() => PublishAsync(cluster, name, topic));

    /// <summary>How many have been acknowledged.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Waits until so many more have been acknowledged.</summary>
    public async Task GoOnAsync(int more)
    {
        var enough = Count + more;
        while (true)
        {
            Task progress;
            lock (_lock) progress = _progress.Task;
            if (Count >= enough) return;
            await await Task.WhenAny(progress, _publishing).WaitAsync(Guard, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Stops; all that were published have been acknowledged.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _publishing.WaitAsync(Guard, TestContext.Current.CancellationToken);
    }

    private async Task PublishAsync(MqttTestCluster cluster, string name, string topic)
    {
        await using var client = new RoamingClient(cluster, name);
        while (!_isStopping)
        {
            await client.PublishAsync(topic, string.Create(CultureInfo.InvariantCulture, $$"""{"value":{{Count + 1}}}"""));
            lock (_lock)
            {
                _count++;
                _progress.SetResult();
                _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
