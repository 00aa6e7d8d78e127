using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>The publishers and subscribers of a run.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int ConnectsAtOnce = 100;

    private readonly BrokerSettings _broker;
    private readonly MessageSettings _settings;
    private readonly TaskCompletionSource _loss = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connected;

    /// <summary>Makes all of them, without connections.</summary>
    public Fleet(BrokerSettings broker, MessageSettings settings, MeasuredSpan span, TimeProvider time)
    {
        (_broker, _settings) = (broker, settings);
        Subscribers = [.. Enumerable.Range(0, settings.Subscribers)
            .Select(_ => new Subscriber(broker.Version, new ReceiptLedger(settings.Publishers, span, time), time))];
        var payload = new byte[settings.PayloadBytes];
#pragma warning disable CA5394 // Filling, to be the same again with the same seed.
        new Random(broker.Seed).NextBytes(payload);
#pragma warning restore CA5394
        Publishers = [.. Enumerable.Range(0, settings.Publishers)
            .Select(number => new Publisher(number, broker, settings, payload, Limit(number), time))];
        foreach (var (number, subscriber) in Subscribers.Index())
            subscriber.Publishers = settings.Topics == TopicPattern.Pairs ? [Publishers[number]] : Publishers;
        Clients = [.. Subscribers.Select(static s => s.Client), .. Publishers.Select(static p => p.Client)];
    }

    /// <summary>Those who publish.</summary>
    public IReadOnlyList<Publisher> Publishers { get; }

    /// <summary>Those who subscribe.</summary>
    public IReadOnlyList<Subscriber> Subscribers { get; }

    /// <summary>All connections.</summary>
    public IReadOnlyList<BenchClient> Clients { get; }

    /// <summary>How many connections there are so far.</summary>
    public int ConnectedCount => Volatile.Read(ref _connected);

    /// <summary>Ends when a connection is lost.</summary>
    public Task Loss => _loss.Task;

    /// <summary>Messages sent so far.</summary>
    public long Sent => Publishers.Sum(static p => p.Sent);

    /// <summary>Messages received so far.</summary>
    public long Received => Subscribers.Sum(static s => s.Ledger.Received);

    /// <summary>The accounts so far.</summary>
    public MessageCounts Counts() => MessageCounts.Of(
        Publishers.Sum(static p => p.Sent),
        Publishers.Sum(static p => p.Acknowledged),
        Publishers.Sum(static p => p.Refused),
        _settings.Copies,
        Subscribers.Select(static s => s.Ledger));

    /// <summary>Connects and subscribes everyone. Stops early, with what went wrong noted, where one fails.</summary>
    public async Task ConnectAsync(BrokerDoor door, Problems problems, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await ForEachAsync(Subscribers, failed, problems, async (number, subscriber, cancellation) =>
                await subscriber.Client.ConnectAsync(door, _broker.Connect($"-s{number}"), cancellation)
                ?? await subscriber.Client.SubscribeAsync(_settings.Filter(_broker.Prefix, number), _settings.QoS, cancellation));
            await ForEachAsync(Publishers, failed, problems, async (number, publisher, cancellation) =>
                await publisher.Client.ConnectAsync(door, _broker.Connect($"-p{number}"), cancellation) ?? publisher.Objection());
            failed.Token.ThrowIfCancellationRequested(); // The loop does not say it when the last one failed.
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested)
        {
            return; // Told to stop, or one has failed and is noted.
        }

        foreach (var client in Clients) _ = WatchAsync(client, problems);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var publisher in Publishers) publisher.Stop();
        await Task.WhenAll(Clients.Select(static client => client.DisposeAsync().AsTask()));
    }

    private AheadLimit? Limit(int publisher)
    {
        if (_settings.Ahead == 0 || _settings.Subscribers == 0) return null;
        var floods = _settings.QoS == 0 && _settings.Rate == 0;
        return new AheadLimit(_settings.Ahead, floods ? (_settings.Ahead + 1) / 2 : 1, Slowest);

        long Slowest()
        {
            if (_settings.Topics == TopicPattern.Pairs) return Subscribers[publisher].Ledger.NextFrom(publisher);
            var slowest = long.MaxValue;
            for (var i = 0; i < Subscribers.Count; i++) slowest = Math.Min(slowest, Subscribers[i].Ledger.NextFrom(publisher));
            return slowest;
        }
    }

    private async Task ForEachAsync<T>(
        IReadOnlyList<T> all, CancellationTokenSource failed, Problems problems, Func<int, T, CancellationToken, Task<string?>> connect)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtOnce, CancellationToken = failed.Token };
        await Parallel.ForEachAsync(all.Index(), options, async (item, cancellation) =>
        {
            if (await connect(item.Index, item.Item, cancellation) is { } problem)
            {
                problems.Add(problem);
                await failed.CancelAsync();
                return;
            }

            Interlocked.Increment(ref _connected);
        });
    }

    private async Task WatchAsync(BenchClient client, Problems problems)
    {
        if (await client.Ended is not { } problem) return;
        problems.Add(problem);
        _loss.TrySetResult();
    }
}
