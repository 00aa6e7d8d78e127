using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>The routes of persistent sessions, for as long as the test runs.</summary>
internal sealed class LastingRoutes : ISubscriptionStore
{
    private readonly ConcurrentDictionary<int, ConcurrentDictionary<RouteChange, RouteChange>> _routes = new();
    private readonly PartitionEpochs _epochs = new();
    private Task? _gate;
    private HeldWrite? _held;

    /// <summary>Released at each partition that is held.</summary>
    public SemaphoreSlim Held { get; } = new(0);

    /// <summary>Whether loading fails.</summary>
    public bool IsAway { get; set; }

    public IEnumerable<RouteChange> All => _routes.Values.SelectMany(static routes => routes.Values);

    /// <summary>Lets routes be read only after <paramref name="gate"/>.</summary>
    public void Hold(Task gate) => _gate = gate;

    /// <summary>Holds the next write.</summary>
    public HeldWrite HoldNext() => _held = new HeldWrite();

    public ValueTask<long> OpenAsync(int partition, long epoch) => new(_epochs.Open(partition, epoch));

    public async ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition)
    {
        if (_gate is { } gate)
        {
            Held.Release();
            await gate;
        }
        return IsAway ? throw new StoreUnavailableException("The test's store is away.") : [.. Of(partition).Values];
    }

    public async ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes)
    {
        if (Interlocked.Exchange(ref _held, null) is { } held) await held.WaitAsync();
        _epochs.Require(partition, epoch);
        var routes = Of(partition);
        foreach (var change in changes)
        {
            if (change.Removed) routes.TryRemove(change, out _);
            else routes[change] = change;
        }
    }

    private ConcurrentDictionary<RouteChange, RouteChange> Of(int partition) => _routes.GetOrAdd(partition, static _ => new(RouteIdentity.Comparer));
}
