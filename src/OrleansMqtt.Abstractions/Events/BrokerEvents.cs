using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Events;

/// <summary>Tells what happens in this process to whoever wants to know. One for gateway and silo where they share the process.</summary>
internal sealed partial class BrokerEvents : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lazy<IBrokerObserver>[] _observers;
    private readonly EventQueue[] _queues;
    private readonly DropGathering? _drops;
    private readonly BrokerMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("OrleansMqtt");

    public BrokerEvents(IServiceProvider services, IEnumerable<BrokerEventExtensions.ObserverClass> observers, BrokerMetrics metrics, TimeProvider time, ILoggerFactory loggers, EventOptions? options = null)
    {
        options ??= new EventOptions();
        (_metrics, _time, _logger) = (metrics, time, loggers.CreateLogger("OrleansMqtt.Events"));
        _observers = [.. observers.Select(observer => new Lazy<IBrokerObserver>(() => (IBrokerObserver)services.GetRequiredService(observer.Type)))];
        var queues = _observers.Zip(observers, (observer, known) => new EventQueue(known.Type.Name, options.MaxWaiting, (events, token) => TellAsync(observer.Value, events, token), NewLost, _logger)).ToList();
        Wanted = queues.Count > 0 ? EventKinds.All : options.Publish;
        if (options.Publish != EventKinds.None) queues.Add(QueueOf(services, options));
        _queues = [.. queues];
        if (_queues.Length > 0)
            _meter.CreateObservableCounter("orleansmqtt.events.lost", () => _queues.Select(static queue => new Measurement<long>(queue.Lost, new KeyValuePair<string, object?>("observer", queue.Name))), "{event}", "Events that were lost because too many waited");
        if ((Wanted & EventKinds.Dropped) == 0) return;
        _drops = new DropGathering(time, Post);
        metrics.CopiesDropped += _drops.Add;
    }

    /// <summary>Whether there is anybody to be told anything.</summary>
    public bool AreWanted => _queues.Length > 0;

    /// <summary>What somebody wants to know; of other kinds no events need to be made.</summary>
    public EventKinds Wanted { get; }

    /// <summary>Name of the gateway, or of the silo where there is none.</summary>
    public string Node { get; set; } = "";

    /// <summary>Makes the observers: one that can't be made stops the start. To be called before anything happens; more than once does no harm.</summary>
    public void Start()
    {
        foreach (var observer in _observers) _ = observer.Value;
    }

    /// <summary>Something has happened, here and now. Any thread; never waits.</summary>
    public void Post(BrokerEvent brokerEvent)
    {
        var told = brokerEvent with { At = _time.GetUtcNow(), Node = Node };
        foreach (var queue in _queues) queue.Post(told);
    }

    /// <summary>Completes when all that has happened so far has been told, or after a moment.</summary>
    public Task DrainAsync()
    {
        _drops?.Flush();
        return Task.WhenAll(_queues.Select(DrainAsync));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_drops is not null) _metrics.CopiesDropped -= _drops.Add;
        _drops?.Dispose();
        foreach (var queue in _queues) queue.Dispose();
        _meter.Dispose();
    }

    private async Task DrainAsync(EventQueue queue)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        try
        {
            await queue.DrainAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogSlow(_logger, queue.Name, Patience);
        }
    }

    private EventQueue QueueOf(IServiceProvider services, EventOptions options)
    {
        EventQueue queue = null!;
        // The router may count drops, and so needs what comes here.
        var publisher = new EventPublisher(options.Publish, services.GetRequiredService<ILocalRouter>, _time, count => queue.Lose(count), _logger);
        return queue = new EventQueue("$events", options.MaxWaiting, publisher.ConsumeAsync, NewLost, _logger);
    }

    private async Task TellAsync(IBrokerObserver observer, IReadOnlyList<BrokerEvent> events, CancellationToken cancellationToken)
    {
        foreach (var brokerEvent in events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await observer.OnAsync(brokerEvent, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // A user's code: whatever it is, it is told the next one.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(_logger, exception, observer.GetType().Name, brokerEvent.GetType().Name);
            }
        }
    }

    private EventsLost NewLost(long count) => new() { At = _time.GetUtcNow(), Node = Node, Count = count };

    [LoggerMessage(1503, LogLevel.Error, "Events: {Observer} has failed with a {Event}; going on.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string observer, string @event);

    [LoggerMessage(1504, LogLevel.Warning, "Events: {Observer} was not through within {Time}; it is not waited for any longer.")]
    private static partial void LogSlow(ILogger logger, string observer, TimeSpan time);
}
