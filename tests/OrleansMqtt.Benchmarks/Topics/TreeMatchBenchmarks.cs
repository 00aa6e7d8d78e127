using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>Matching without memory, among few and many filters. Flat is the aim: what does not match should cost nothing but cache misses.</summary>
[MemoryDiagnoser]
public class TreeMatchBenchmarks
{
    private const int Probes = 1_024;

    private readonly TopicTree<object> _tree = new();
    private readonly List<object> _results = new(16);
    private Rotation _states = null!, _values = null!, _alarms = null!;

    /// <summary>Filters in the tree.</summary>
    [Params(1, 1_000, 1_000_000)]
    public int Filters { get; set; }

    /// <summary>Fills the tree.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < Filters; i++) _tree.GetOrAdd(Fleet.Bytes(Fleet.Filter(i)), static () => new object());
        _states = new Rotation(Fleet.States(Filters, Probes));
        _values = new Rotation(Fleet.Values(Filters, Probes));
        _alarms = new Rotation(Fleet.Alarms(Filters, Probes));
    }

    /// <summary>Nothing matches.</summary>
    [Benchmark(Baseline = true)]
    public int NoMatch() => Match(_states);

    /// <summary>The exact filter matches, and the one with <c>+</c> if it is there.</summary>
    [Benchmark]
    public int ExactAndPlus() => Match(_values);

    /// <summary>The filter with <c>#</c> matches, if it is there.</summary>
    [Benchmark]
    public int Hash() => Match(_alarms);

    private int Match(Rotation topics)
    {
        _results.Clear();
        _tree.Match(topics.Next(), _results);
        return _results.Count;
    }
}
