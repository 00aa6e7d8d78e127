using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>A gateway's part in it: a lease, the filters of its clients, and the changes that it sends, one at a time for each partition.</summary>
internal sealed class SimulatedGateway : Node, IDisposable
{
    private readonly Cluster _cluster;
    private readonly LastingCalls _calls;
    private readonly Channel[] _channels;
    private readonly HashSet<string> _wanted = [];
    private readonly HashSet<string> _inForce = [];
    private readonly Dictionary<string, RouteChange> _latest = [];
    private readonly string _base;
    private long _end;
    private int _names;

    private sealed class Channel(Func<System.Collections.Immutable.ImmutableArray<RouteChange>, Task> send)
    {
        private Task _last = Task.CompletedTask;

        public Task SendAsync(RouteChange change) => _last = AfterAsync(_last, change);

        private async Task AfterAsync(Task before, RouteChange change)
        {
            await before;
            await send([change]);
        }
    }

    public SimulatedGateway(Cluster cluster, string name) : base(name)
    {
        (_cluster, _base) = (cluster, name);
        Book = new RouteBook(new TopicPartitions(Cluster.Partitions));
        _calls = new LastingCalls(cluster.Times, cluster.Time, NullLogger.Instance);
        var grains = GrainsOf.Node(cluster, this);
        _channels = [.. Enumerable.Range(0, Cluster.Partitions).Select(partition => new Channel(_calls.Through(grains.GetGrain<ITopicGrain>(partition).ChangeGatewaysInOrderAsync)))];
        _ = LiveAsync();
    }

    public RouteBook Book { get; }

    /// <summary>The name of its routes.</summary>
    public string Identity => $"{_base}+{_names}";

    /// <summary>Whether it may serve.</summary>
    public bool IsServing => IsAlive && _cluster.Time.GetTimestamp() < _end;

    /// <summary>The filters whose SUBACK has been sent, and which nobody has begun to give up.</summary>
    public IEnumerable<string> InForce => _inForce;

    /// <summary>All filters that it wants.</summary>
    public IEnumerable<string> Wanted => _wanted;

    /// <summary>Whether nothing is under way.</summary>
    public bool IsSettled => _inForce.Count == _wanted.Count && _open == 0;

    private int _open;

    /// <summary>Clients subscribe to a filter or give it up.</summary>
    public void Toggle(string filter)
    {
        if (IsServing) _ = SetAsync(filter, !_wanted.Contains(filter));
    }

    public void Dispose() => _calls.Dispose();

    private async Task SetAsync(string filter, bool wanted)
    {
        var identity = Identity;
        _inForce.Remove(filter);
        if (wanted) _wanted.Add(filter);
        else _wanted.Remove(filter);
        var change = RouteChanges.OfGateway(identity, filter, removed: !wanted);
        _latest[filter] = change;
        Book.Note(change);
        _open++;
        await _channels[new TopicPartitions(Cluster.Partitions).Of(filter)].SendAsync(change);
        _open--;
        if (wanted && ReferenceEquals(change, _latest[filter])) _inForce.Add(filter);
    }

    private async Task LiveAsync()
    {
        var registry = RemoteGrains.Registry(_cluster, this);
        var endpoint = new RemoteGateway(_cluster, this);
        while (true)
        {
            var asked = _cluster.Time.GetTimestamp();
            try
            {
                if (await registry.RegisterAsync(Identity, endpoint)) _end = asked + _cluster.Times.Gateway.Ticks;
            }
            catch (Exception exception) when (exception is TimeoutException or SiloUnavailableException)
            {
                // Asked again.
            }
            if (!IsServing)
            {
                // No name is used for a second attempt.
                (_end, _names) = (0, _names + 1);
                continue;
            }
            while (IsServing)
            {
                await Task.Delay(_cluster.Times.GatewayHeartbeat / 4, _cluster.Time);
                if (IsServing) _ = BeatAsync(registry, endpoint);
            }
            foreach (var filter in _wanted.ToArray()) _ = SetAsync(filter, wanted: false);
            (_end, _names) = (0, _names + 1);
        }
    }

    private async Task BeatAsync(IGatewayRegistryGrain registry, RemoteGateway endpoint)
    {
        var (asked, identity) = (_cluster.Time.GetTimestamp(), Identity);
        try
        {
            var renewed = await registry.RenewAsync(identity, endpoint);
            if (identity == Identity && IsServing) _end = renewed ? Math.Max(_end, asked + _cluster.Times.Gateway.Ticks) : 1;
        }
        catch (Exception exception) when (exception is TimeoutException or SiloUnavailableException)
        {
            // The next one.
        }
    }
}
