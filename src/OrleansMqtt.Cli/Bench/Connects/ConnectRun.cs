using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Connects;

/// <summary>One run: connect all, hold them, disconnect.</summary>
/// <param name="broker">Which broker.</param>
/// <param name="settings">What to do.</param>
/// <param name="time">Clock and timers.</param>
internal sealed class ConnectRun(BrokerSettings broker, ConnectSettings settings, TimeProvider time)
{
    private readonly Problems _problems = new();
    private readonly LatencyHistogram _latency = new(); // Under the lock, like the counts.
    private readonly Lock _lock = new();
    private readonly BenchClient[] _clients =
        [.. Enumerable.Range(0, settings.Clients).Select(_ => new BenchClient(IdleReceiver.Instance, time, BenchClient.IdleBuffer))];

    private int _connected;
    private int _failed;
    private long _lastConnAck;

    /// <summary>How far it is.</summary>
    public RunStatus Status { get; } = new();

    /// <summary>Runs once. Being told to stop is no failure: what was found until then is the result.</summary>
    public async Task<ConnectResult> RunAsync(CancellationToken stop)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var (start, lost) = (time.GetTimestamp(), 0);
        try
        {
            var (door, problem) = await BrokerDoor.FindAsync(broker, stop);
            if (problem is not null)
            {
                _problems.Add(problem);
            }
            else
            {
                start = time.GetTimestamp();
                Status.Enter("connecting", () => (double)_connected / settings.Clients, () => _connected);
                await ConnectAsync(door!, stop);
                if (settings.Hold > TimeSpan.Zero) await HoldAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            lost = CountLost();
            await Task.WhenAll(_clients.Select(static client => client.DisposeAsync().AsTask()));
        }

        return new ConnectResult
        {
            Connected = _connected,
            Failed = _failed,
            LostWhileHeld = lost,
            Seconds = _connected == 0 ? 0 : time.GetElapsedTime(start, _lastConnAck).TotalSeconds,
            Latency = _latency,
            EndedEarly = stop.IsCancellationRequested,
            GeneratorCpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
            Problems = _problems.ToList(),
        };
    }

    private Task ConnectAsync(BrokerDoor door, CancellationToken stop)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Concurrency, CancellationToken = stop };
        return Parallel.ForEachAsync(_clients.Index(), options, async (item, cancellation) =>
        {
            var (number, client) = item;
            var start = time.GetTimestamp();
            var problem = await client.ConnectAsync(door, broker.Connect($"-c{number}"), cancellation);
            if (problem is not null) _problems.Add(problem);
            lock (_lock)
            {
                if (problem is null)
                {
                    _connected++;
                    _latency.Record(time.GetElapsedTime(start, client.ConnAckAt).Ticks * TimeSpan.NanosecondsPerTick);
                    _lastConnAck = Math.Max(_lastConnAck, client.ConnAckAt);
                }
                else
                {
                    _failed++;
                }
            }
        });
    }

    private async Task HoldAsync(CancellationToken stop)
    {
        var start = time.GetTimestamp();
        Status.Enter("holding", () => time.GetElapsedTime(start) / settings.Hold, () => _connected);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var pings = KeepAlive.RunAsync([.. _clients.Where(static client => !client.HasEnded && client.ConnAckAt != 0)], time, ended.Token);
        try
        {
            await Task.Delay(settings.Hold, time, stop);
        }
        finally
        {
            await ended.CancelAsync();
            await pings;
        }
    }

    private int CountLost()
    {
        var lost = 0;
        foreach (var client in _clients.Where(static client => client.ConnAckAt != 0 && client.HasEnded))
        {
            lost++;
            if (client.Ended.Result is { } problem) _problems.Add(problem);
        }

        return lost;
    }
}
