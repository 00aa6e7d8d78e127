using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>Remembering what topics led to. A find that hits is what a message of a known topic costs instead of a match.</summary>
[MemoryDiagnoser]
public class MatchCacheBenchmarks
{
    private readonly MatchCache<object> _cache = new();
    private readonly object _value = new();
    private Rotation _topics = null!;

    /// <summary>Topics in turn; the cache has room for all of them.</summary>
    [Params(1, 1_024, 16_384)]
    public int Topics { get; set; }

    /// <summary>Fills the cache.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var topics = Fleet.Shuffled(Topics);
        _topics = new Rotation(topics);
        foreach (var topic in topics) _cache.Set(topic, _value);
    }

    /// <summary>Known topics.</summary>
    [Benchmark(Baseline = true)]
    public object? Find() => _cache.Find(_topics.Next());

    /// <summary>Topics that take the place of an entry.</summary>
    [Benchmark]
    public object Set() => _cache.Set(_topics.Next(), _value);
}
