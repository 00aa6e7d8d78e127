using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>
/// The gateways as this silo knows them: the registry tells each change, and is asked besides, which keeps it active. Who is not on its roster, and it says so when it is asked
/// for that name, is gone for good: names are on the roster before they are in any route, and never come again.
/// </summary>
internal sealed partial class GatewayDirectory(
    IGrainFactory grains, ILocalSiloDetails silo, LeaseTimes times, TimeProvider time, ILogger<GatewayDirectory> logger) : IGatewayDirectory, IGatewayWatcher, IDisposable
{
    private const int KnownGone = 10_000;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, bool> _gone = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<IGatewayEndpoint?>>> _questions = new();
    private readonly Dictionary<string, TaskCompletionSource> _awaited = [];
    private readonly CancellationTokenSource _stopping = new();
    private volatile FrozenDictionary<string, IGatewayEndpoint?> _gateways = FrozenDictionary<string, IGatewayEndpoint?>.Empty;
    private long _version = -1;
    private Task _watching = Task.CompletedTask;

    private IGatewayRegistryGrain Registry => grains.GetGrain<IGatewayRegistryGrain>(0);

    /// <summary>Begins to watch.</summary>
    public void Start() => _watching = WatchAsync();

    /// <summary>Watches no more.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <inheritdoc/>
    public ValueTask<IGatewayEndpoint?> FindAsync(string gateway)
    {
        if (_gateways.TryGetValue(gateway, out var endpoint) && endpoint is not null) return new(endpoint);
        if (_gone.ContainsKey(gateway)) return new((IGatewayEndpoint?)null);
        return new(_questions.GetOrAdd(gateway, name => new Lazy<Task<IGatewayEndpoint?>>(() => AskAsync(name))).Value);
    }

    /// <inheritdoc/>
    public Task WhenMissing(string gateway)
    {
        lock (_lock)
        {
            if (!_gateways.ContainsKey(gateway)) return Task.CompletedTask;
            if (!_awaited.TryGetValue(gateway, out var missing)) _awaited[gateway] = missing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return missing.Task;
        }
    }

    /// <inheritdoc/>
    public Task ChangedAsync(GatewayRoster roster)
    {
        Take(roster);
        return Task.CompletedTask;
    }

    private void Take(GatewayRoster roster)
    {
        lock (_lock)
        {
            if (roster.Version <= _version) return;
            _version = roster.Version;
            _gateways = roster.Gateways.ToFrozenDictionary(static gateway => gateway.Name, static gateway => gateway.Endpoint);
            foreach (var (gateway, missing) in _awaited)
            {
                if (_gateways.ContainsKey(gateway)) continue;
                _awaited.Remove(gateway);
                missing.SetResult();
            }
        }
    }

    private async Task<IGatewayEndpoint?> AskAsync(string gateway)
    {
        try
        {
            var asked = time.GetTimestamp();
            // A registry that has moved knows within a lease who lives.
            while (time.GetElapsedTime(asked) < 2 * times.Gateway)
            {
                if (await TryAskAsync(gateway) is { } answer && (answer.IsGone || answer.Endpoint is not null)) return answer.Endpoint;
                await Task.Delay(times.Retry, time, _stopping.Token);
            }
            throw new TimeoutException($"The registry did not say in time where gateway {gateway} is.");
        }
        finally
        {
            _questions.TryRemove(gateway, out _);
        }
    }

    private async Task<(bool IsGone, IGatewayEndpoint? Endpoint)?> TryAskAsync(string gateway)
    {
        try
        {
            var roster = await Registry.ReadAsync();
            Take(roster);
            // From a registry that has been replaced: those that came since would pass for gone.
            if (roster.Version < Volatile.Read(ref _version)) return null;
            if (roster.Gateways.FirstOrDefault(known => known.Name == gateway) is { } entry) return (false, entry.Endpoint);
            if (_gone.Count >= KnownGone) _gone.Clear();
            _gone[gateway] = true;
            return (true, null);
        }
        catch (Exception exception) when (PassingFailure.Is(exception) || exception is IOException)
        {
            LogNotAsked(logger, exception);
            return null;
        }
    }

    private async Task WatchAsync()
    {
        var reference = grains.CreateObjectReference<IGatewayWatcher>(this);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Take(await Registry.WatchAsync(silo.SiloAddress.ToString(), reference));
            }
#pragma warning disable CA1031 // It is asked again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotAsked(logger, exception);
            }
            await Task.Delay(times.Round, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The registry of gateways could not be asked; trying again.")]
    private static partial void LogNotAsked(ILogger logger, Exception exception);
}
