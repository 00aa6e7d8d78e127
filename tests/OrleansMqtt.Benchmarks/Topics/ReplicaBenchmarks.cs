using BenchmarkDotNet.Attributes;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>The silo's route replica: what every publish asks first.</summary>
[MemoryDiagnoser]
public class ReplicaBenchmarks
{
    private const int Known = 1_024;

    // Four times what the replica remembers: by the time a topic comes again it has been forgotten.
    private const int Strangers = 262_144;

    private readonly RouteReplica _replica = new(new TopicPartitions(1), new RoutingLeases());
    private Rotation _known = null!, _strangers = null!;
    private RouteChange _comes = null!, _goes = null!;
    private long _version;

    /// <summary>Routes that do not match, besides one with <c>+</c> that does.</summary>
    [Params(1, 1_000, 1_000_000)]
    public int Routes { get; set; }

    /// <summary>Fills the replica.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var routes = Enumerable.Range(0, Routes).Select(static i => RouteChanges.OfGateway("gateway", Fleet.Filter(i), removed: false));
        var matching = RouteChanges.OfGateway("gateway", "site/+/device/+/temperature/state/#", removed: false);
        _replica.LoadAsync(0, new RouteSnapshot(0, [.. routes, matching], default)).GetAwaiter().GetResult();
        _known = new Rotation(Fleet.States(Routes, Known));
        _strangers = new Rotation([.. Fleet.States(Routes, Strangers).Select(static (topic, i) => (byte[])[.. topic, .. Fleet.Bytes($"/{i}")])]);
        _comes = RouteChanges.OfGateway("gateway", "site/0/device/0/+/state", removed: false);
        _goes = _comes with { Removed = true };
    }

    /// <summary>Topics that have been seen since the last change.</summary>
    [Benchmark(Baseline = true)]
    public int Memoized() => _replica.Match(_known.Next()).Gateways.Length;

    /// <summary>Topics seen for the first time.</summary>
    [Benchmark]
    public int FirstSight() => _replica.Match(_strangers.Next()).Gateways.Length;

    /// <summary>A route comes and goes again, each as a change of its own; everything remembered is forgotten both times.</summary>
    [Benchmark]
    public async Task AddAndRemove()
    {
        await _replica.ApplyAsync(0, _version, ++_version, [_comes]);
        await _replica.ApplyAsync(0, _version, ++_version, [_goes]);
    }
}
