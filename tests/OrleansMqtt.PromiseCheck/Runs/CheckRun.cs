using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Broker;
using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.Clients;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Runs;

/// <summary>A run: clients at work, kills and restarts, and then rest.</summary>
/// <param name="settings">What to do.</param>
/// <param name="broker">Lets the broker fail.</param>
/// <param name="history">Gets every event.</param>
/// <param name="time">Clock.</param>
/// <param name="progress">Gets a line per step.</param>
internal sealed class CheckRun(CheckSettings settings, IBrokerControl broker, HistoryLog history, TimeProvider time, TextWriter progress)
{
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly RunStage _stage = new();
    private readonly List<Task> _running = [];
    private Task _reading = Task.CompletedTask;
    private Task _dying = Task.CompletedTask;

    /// <summary>Runs to the end.</summary>
    /// <returns>A sentence if the check could not be carried through, or null: then the history has come to rest.</returns>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task<string?> RunAsync(CancellationToken stop)
    {
        if (await broker.WaitUntilAcceptingAsync(stop) is { } problem) return problem;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var workload = new Workload(settings, new Surroundings(settings.Targets, time, history, _stage));
        try
        {
            var work = WorkAsync(workload, ending.Token);
            var first = await Task.WhenAny(work, _stage.Failure);
            return await first;
        }
        finally
        {
            await ending.CancelAsync();
            await EndAllAsync();
            await Cleanup.RunAsync(settings.Targets[0], workload, time, progress, stop);
        }
    }

    private async Task<string?> WorkAsync(Workload workload, CancellationToken stop)
    {
        // Who receives comes first, and readers last: each topic has a value by then.
        _ = Start(workload.Subscribers, stop);
        if (await ReadyAsync(workload.Subscribers, stop) is { } noSubscribers) return noSubscribers;
        IReadOnlyList<PersistentClient> publishers = [.. workload.Publishers, .. workload.Writers];
        _ = Start(publishers, stop);
        _dying = Start(workload.WillClients, stop);
        if (await ReadyAsync([.. publishers, .. workload.WillClients], stop) is { } noPublishers) return noPublishers;
        _reading = Start(workload.Readers, stop);
        if (await ReadyAsync(workload.Readers, stop) is { } noReaders) return noReaders;
        var random = new Random(settings.Seed);
        for (var cycle = 1; broker.IsToFail(cycle - 1); cycle++)
        {
            await IntervalAsync(random, stop);
            var start = history.Now;
            var (failure, problem) = await broker.CycleAsync(stop);
            if (problem is not null) return problem;
            await progress.WriteLineAsync($"Cycle {cycle}: the broker {failure}, and was back after {history.Now - start:0.00} s.");
        }

        await IntervalAsync(random, stop);
        await RestAsync(workload, stop);
        return null;
    }

    private Task IntervalAsync(Random random, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromSeconds(settings.Interval * (0.5 + random.NextDouble())), time, stop);

    /// <summary>Starts clients; the task ends when all of them have finished.</summary>
    private Task Start(IReadOnlyList<PersistentClient> clients, CancellationToken stop)
    {
        Task[] started = [.. clients.Select(client => WatchAsync(client, stop))];
        _running.AddRange(started);
        return Task.WhenAll(started);
    }

    private async Task<string?> ReadyAsync(IReadOnlyList<PersistentClient> clients, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(clients.Select(static client => client.Ready)).WaitAsync(ReadyPatience, time, stop);
            return null;
        }
        catch (TimeoutException)
        {
            var late = clients.First(static client => !client.Ready.IsCompleted);
            return $"{late.ClientId} could not begin within {ReadyPatience.TotalSeconds:0} s.";
        }
    }

    /// <summary>Runs a client; a failure of its own ends the run, rather than passing for a broker's silence.</summary>
    private async Task WatchAsync(PersistentClient client, CancellationToken stop)
    {
        try
        {
            await client.RunAsync(stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _stage.Fail($"{client.ClientId} failed: {exception}");
        }
    }

    /// <summary>Ends the work: publishers get their acknowledgements, wills that are due come, retained values are read a last time, and
    /// subscribers get what they wait for. Each step lasts until it is done, or until nothing has moved for the quiet time.</summary>
    private async Task RestAsync(Workload workload, CancellationToken stop)
    {
        _stage.Settle();
        await progress.WriteLineAsync("Publishing has ended; waiting for what is on its way.");
        await UntilAsync(() => workload.Publishers.Concat(workload.Writers).All(static p => p.IsIdle), stop);
        foreach (var reader in workload.Readers) reader.ReadFinally();
        await Task.WhenAny(_reading, Task.Delay(ReadyPatience, time, stop));
        await UntilAsync(() => _dying.IsCompleted && HasAllArrived(), stop);

        // What has come twice, or must not come at all, gets a chance to show itself.
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(1, settings.Quiet)), time, stop);
    }

    private bool HasAllArrived()
    {
        var soFar = new MessageHistory(history.Snapshot(), settings.Detection);
        return !LossChecker.Check(soFar).Any() && !WillChecker.Check(soFar).Any(static f => f.Kind == FindingKind.WillMissing);
    }

    private async Task UntilAsync(Func<bool> isDone, CancellationToken stop)
    {
        // Wills stay away for their delay and a little more, which is silence to be expected.
        var start = history.Now + settings.WillDelay + settings.Detection + 2;
        while (!isDone() && history.Now - Math.Max(history.LastArrival, start) < settings.Quiet) await Task.Delay(Look, time, stop);
    }

    private async Task EndAllAsync()
    {
        try
        {
            await Task.WhenAll(_running);
        }
        catch (OperationCanceledException)
        {
            // That is how clients end that have more to do.
        }
    }
}
