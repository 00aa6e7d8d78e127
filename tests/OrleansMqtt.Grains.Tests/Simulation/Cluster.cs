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
/// Silos, topic grains, gateways and a registry in one thread and in virtual time, over a hostile network, and a membership if the actor runtime has a fence. After every step each silo that may route
/// is asked for every subscription that is in force.
/// </summary>
internal sealed class Cluster : IDisposable
{
    public const int Partitions = 2;
    private static readonly string[] Filters = [.. Enumerable.Range(0, 8).Select(static i => $"f/{i}")];
    private readonly Random _random;
    private readonly SingleThread _thread = new();
    private readonly SynchronizationContext? _before = SynchronizationContext.Current;
    private readonly Dictionary<int, SimulatedTopic> _topics = [];
    private readonly Dictionary<int, SimulatedTopic> _formerTopics = [];
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<IDisposable> _ended = [];
    private int _started;

    public Cluster(int seed, bool fenced = false)
    {
        _random = new Random(seed);
        SynchronizationContext.SetSynchronizationContext(_thread);
        Network = new Network(_random, Time);
        Leases = new MemoryLeaseStore(Time);
        Gateways = new GatewayTable(1, Times, Time);
        if (fenced) Membership = new SimulatedMembership(this);
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

    public SimulatedMembership? Membership { get; }

    public LastingRoutes Routes { get; } = new();

    public List<SimulatedSilo> Silos { get; } = [];

    /// <summary>How often a silo that might route was asked, for all subscriptions in force together.</summary>
    public int Questions { get; private set; }

    /// <summary>The activation of a topic grain that a call comes to; null when there is none that takes it.</summary>
    public SimulatedTopic? FindTopic(int partition)
    {
        if (Membership is null) return TopicOf(partition);
        // Of a caller whose view is older.
        if (Network.IsHostile && _formerTopics.TryGetValue(partition, out var former) && _random.Next(4) == 0) return Serving(former);
        if (_topics.TryGetValue(partition, out var known))
        {
            if (known.Host.IsAlive && Membership.IsMember(known.Silo)) return Serving(known);
            // Nobody takes its place before its silo is known to be dead, or it has ended in good order.
            if (!known.Silo.IsAlive && Membership.IsMember(known.Silo)) return null;
            _ended.Add(known);
            _formerTopics[partition] = known;
            _topics.Remove(partition);
        }
        var serving = Silos.Where(silo => silo.IsAlive && Membership.IsMember(silo) && silo.Fence!.IsHeld).ToArray();
        if (serving.Length == 0) return null;
        var home = serving[_random.Next(serving.Length)];
        Membership.Show(home);
        return _topics[partition] = new SimulatedTopic(this, home, partition);
    }

    private static SimulatedTopic? Serving(SimulatedTopic topic) => topic.Silo.Fence!.IsHeld ? topic : null;

    private SimulatedTopic TopicOf(int partition)
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
        else if (Membership is null) return;
        else if (dice < 321) Pick(Silos).CutFromTableUntil = In8Seconds();
        else if (dice < 326) Pick(Silos).PausedUntil = In8Seconds();
        else if (dice < 328) CutOffEntirely(Pick(Silos));
    }

    private void CutOff(Node node) => node.CutUntil = In8Seconds();

    private void CutOffEntirely(SimulatedSilo silo) => silo.CutUntil = silo.CutFromTableUntil = In8Seconds();

    private long In8Seconds() => Time.GetTimestamp() + TimeSpan.FromMilliseconds(_random.Next(8000)).Ticks;

    /// <summary>A silo has found that it is no member any more.</summary>
    public void End(SimulatedSilo silo) => Kill(silo, StartSilo);

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
