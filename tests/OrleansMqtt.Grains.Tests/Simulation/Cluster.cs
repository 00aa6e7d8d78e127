using System.Text;
using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>
/// Silos, topic grains, gateways and a registry in one thread and in virtual time, over a hostile network. After every step each silo that may route is asked
/// for every subscription that is in force.
/// </summary>
internal sealed class Cluster : IDisposable
{
    public const int Partitions = 2;
    private static readonly string[] Filters = [.. Enumerable.Range(0, 8).Select(static i => $"f/{i}")];
    private readonly Random _random;
    private readonly SingleThread _thread = new();
    private readonly SynchronizationContext? _before = SynchronizationContext.Current;
    private readonly Dictionary<int, SimulatedTopic> _topics = [];
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<IDisposable> _ended = [];
    private int _started;

    public Cluster(int seed)
    {
        _random = new Random(seed);
        SynchronizationContext.SetSynchronizationContext(_thread);
        Network = new Network(_random, Time);
        Leases = new MemoryLeaseStore(Time);
        Gateways = new GatewayTable(1, Times, Time);
        for (var i = 0; i < 3; i++) StartSilo();
        for (var i = 0; i < 3; i++) StartGateway();
    }

    public ManualTimeProvider Time { get; } = new();

    public LeaseTimes Times { get; } = new();

    /// <summary>Silos die here; none leaves.</summary>
    public ClusterStop Stop { get; } = new();

    public Network Network { get; }

    public Node Registry { get; } = new("registry");

    public GatewayTable Gateways { get; }

    public MemoryLeaseStore Leases { get; }

    public LastingRoutes Routes { get; } = new();

    public List<SimulatedSilo> Silos { get; } = [];

    /// <summary>How often a silo that might route was asked, for all subscriptions in force together.</summary>
    public int Questions { get; private set; }

    /// <summary>The activation of a topic grain, on whichever silo lives.</summary>
    public SimulatedTopic TopicOf(int partition)
    {
        if (_topics.TryGetValue(partition, out var known))
        {
            if (known is { Host.IsAlive: true, Silo.IsAlive: true }) return known;
            known.Host.IsAlive = false;
            _ended.Add(known);
        }
        var alive = Silos.Where(static silo => silo.IsAlive).ToArray();
        return _topics[partition] = new SimulatedTopic(this, alive[_random.Next(alive.Length)], partition);
    }

    /// <summary>Lets everything go wrong for a time.</summary>
    public void Run(TimeSpan duration)
    {
        for (var end = Time.GetTimestamp() + duration.Ticks; Time.GetTimestamp() < end;)
        {
            Disturb(_random.Next(10_000));
            Step();
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Settle()
    {
        Network.IsHostile = false;
        for (var end = Time.GetTimestamp() + TimeSpan.FromSeconds(40).Ticks; Time.GetTimestamp() < end;) Step();
        foreach (var gateway in _gateways.Where(static gateway => gateway.IsAlive)) Assert.True(gateway.IsServing && gateway.IsSettled, $"{gateway.Identity} has not settled");
        foreach (var silo in Silos.Where(static silo => silo.IsAlive))
        {
            Assert.True(silo.Leases.AreInForce, $"{silo.Name} may not route");
            foreach (var filter in Filters)
                Assert.Equal(_gateways.Where(gateway => gateway.IsAlive && gateway.Wanted.Contains(filter)).Select(static gateway => gateway.Identity).Order(), MatchIn(silo, filter).Order());
        }
    }

    public void Dispose()
    {
        SynchronizationContext.SetSynchronizationContext(_before);
        foreach (var one in _ended.Concat(_topics.Values).Concat(_gateways).Concat(Silos).Append(Stop)) one.Dispose();
    }

    private void Disturb(int dice)
    {
        if (dice < 300) Pick(_gateways).Toggle(Filters[_random.Next(Filters.Length)]);
        else if (dice < 304) CutOff(Pick(Silos));
        else if (dice < 308) CutOff(Pick(_gateways));
        else if (dice < 310) Kill(Pick(Silos), StartSilo);
        else if (dice < 312) Kill(Pick(_gateways), StartGateway);
        else if (dice < 318 && _topics.TryGetValue(_random.Next(Partitions), out var topic) && topic.Host.IsAlive) _ = topic.MoveAsync();
    }

    private void CutOff(Node node) => node.CutUntil = Time.GetTimestamp() + TimeSpan.FromMilliseconds(_random.Next(8000)).Ticks;

    private void Kill(Node node, Action startAnother)
    {
        node.IsAlive = false;
        foreach (var topic in _topics.Values.Where(topic => topic.Silo == node)) topic.Host.IsAlive = false;
        startAnother();
    }

    private void StartSilo() => Silos.Add(new SimulatedSilo(this, ++_started));

    private void StartGateway() => _gateways.Add(new SimulatedGateway(this, $"gateway {++_started}"));

    private TNode Pick<TNode>(List<TNode> nodes) where TNode : Node
    {
        var alive = nodes.Where(static node => node.IsAlive).ToArray();
        return alive[_random.Next(alive.Length)];
    }

    private void Step()
    {
        Time.Advance(TimeSpan.FromMilliseconds(10));
        _thread.Drain(Check);
        foreach (var gone in Gateways.TakeExpired()) _ = SayFarewellAsync(gone);
        _thread.Drain(Check);
    }

    // What the registry's grain does, which has tests of its own.
    private async Task SayFarewellAsync(string gone)
    {
        for (var partition = 0; partition < Partitions; partition++)
            while (!await TryRemoveAsync(RemoteGrains.Topic(this, Registry, partition), gone)) await Task.Delay(Times.Round, Time);
        Gateways.Forget(gone);
    }

    private static async Task<bool> TryRemoveAsync(ITopicGrain topic, string gone)
    {
        try
        {
            await topic.RemoveGatewayAsync(gone);
            return true;
        }
        catch (Exception exception) when (PassingFailure.Is(exception))
        {
            return false;
        }
    }

    private void Check()
    {
        foreach (var silo in Silos)
        {
            if (!silo.IsAlive || !silo.Leases.AreInForce) continue;
            foreach (var gateway in _gateways)
            {
                if (!gateway.IsServing) continue;
                foreach (var filter in gateway.InForce)
                {
                    Questions++;
                    if (!MatchIn(silo, filter).Contains(gateway.Identity)) Assert.Fail($"{silo.Name} misses {filter} of {gateway.Identity} at {Time.GetUtcNow():HH:mm:ss.fff}");
                }
            }
        }
    }

    private static string[] MatchIn(SimulatedSilo silo, string filter) => silo.Replica.Match(Encoding.UTF8.GetBytes(filter)).Gateways;
}
