using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Events;

/// <summary>Events on their way to one consumer, in their order. Never waits for it: what finds no room is lost and counted.</summary>
internal sealed partial class EventQueue : IDisposable
{
    private const int MostAtOnce = 256;
    private readonly Channel<BrokerEvent> _channel;
    private readonly Func<IReadOnlyList<BrokerEvent>, CancellationToken, Task> _consume;
    private readonly Func<long, EventsLost> _lostEvent;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private long _lost, _untold;

    /// <summary>Begins to consume.</summary>
    /// <param name="name">The consumer's, in log and metrics.</param>
    /// <param name="capacity">How many may wait.</param>
    /// <param name="consume">Takes some of them, at least one. What it throws is logged.</param>
    /// <param name="lostEvent">Makes the event that tells of those that were lost.</param>
    /// <param name="logger">Where it is said that the consumer has failed.</param>
    public EventQueue(string name, int capacity, Func<IReadOnlyList<BrokerEvent>, CancellationToken, Task> consume, Func<long, EventsLost> lostEvent, ILogger logger)
    {
        (Name, _consume, _lostEvent, _logger, _ended) = (name, consume, lostEvent, logger, _ending.Token);
        _channel = Channel.CreateBounded<BrokerEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });
        // Whoever makes it may be a thread with other things to do.
        _ = Task.Run(ConsumeAsync);
    }

    /// <summary>The consumer's name.</summary>
    public string Name { get; }

    /// <summary>How many were lost since start.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Something has happened. Any thread.</summary>
    public void Post(BrokerEvent brokerEvent)
    {
        if (_channel.Writer.TryWrite(brokerEvent)) return;
        Lose(1);
    }

    /// <summary>These were not consumed after all.</summary>
    public void Lose(long count)
    {
        Interlocked.Add(ref _lost, count);
        Interlocked.Add(ref _untold, count);
    }

    /// <summary>Completes when all that has been posted before has been consumed.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var barrier = new Barrier();
        try
        {
            await _channel.Writer.WriteAsync(barrier, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return;
        }
        await barrier.Passed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The process does not wait any longer.</summary>
    public void Dispose()
    {
        _channel.Writer.TryComplete();
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task ConsumeAsync()
    {
        var batch = new List<BrokerEvent>();
        while (await _channel.Reader.WaitToReadAsync())
        {
            Barrier? barrier = null;
            if (Interlocked.Exchange(ref _untold, 0) is > 0 and var lost) batch.Add(_lostEvent(lost));
            while (barrier is null && batch.Count < MostAtOnce && _channel.Reader.TryRead(out var next))
                if ((barrier = next as Barrier) is null) batch.Add(next);
            if (batch.Count > 0 && !_ended.IsCancellationRequested) await ConsumeAsync(batch);
            batch.Clear();
            barrier?.Passed.TrySetResult();
        }
    }

    private async Task ConsumeAsync(List<BrokerEvent> batch)
    {
        try
        {
            // Code that does not look at the token is waited for no longer either.
            await _consume(batch, _ended).WaitAsync(_ended);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The process ends.
        }
#pragma warning disable CA1031 // Whatever it is, the next events come.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(_logger, exception, Name);
        }
    }

    private sealed record Barrier : BrokerEvent
    {
        public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(1500, LogLevel.Error, "Events: {Observer} has failed; going on.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string observer);
}
