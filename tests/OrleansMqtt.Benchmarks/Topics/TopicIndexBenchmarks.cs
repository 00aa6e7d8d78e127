using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>The index of retained messages, small and large. Logarithmic is the aim: it is searched by halving.</summary>
[MemoryDiagnoser]
public class TopicIndexBenchmarks
{
    private const int Probes = 1_024;

    private readonly TopicIndex<object> _index = new();
    private readonly object _value = new();
    private readonly List<object> _results = new(128);
    private Rotation _known = null!, _new = null!, _plus = null!;

    /// <summary>Topics in the index.</summary>
    [Params(1, 1_000, 1_000_000)]
    public int Retained { get; set; }

    /// <summary>Fills the index.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        foreach (var topic in Fleet.Shuffled(Retained)) _index.Set(topic, _value);
        var known = Fleet.States(Retained * 3, Probes).Select(static topic => topic[..^"temperature/state".Length]).ToArray();
        _known = new Rotation([.. known.Select(static device => (byte[])[.. device, .. "status"u8])]);
        _new = new Rotation([.. known.Select(static device => (byte[])[.. device, .. "state"u8])]);
        _plus = new Rotation([.. known.Select(static device => (byte[])[.. device, (byte)'+'])]);
    }

    /// <summary>A message replaces another.</summary>
    [Benchmark(Baseline = true)]
    public object? Replace() => _index.Set(_known.Next(), _value);

    /// <summary>A topic comes and goes again.</summary>
    [Benchmark]
    public object? AddAndRemove()
    {
        var topic = _new.Next();
        _index.Set(topic, _value);
        return _index.Remove(topic);
    }

    /// <summary>What an exact filter finds.</summary>
    [Benchmark]
    public int ScanExact() => Scan(_known.Next());

    /// <summary>What a filter finds whose last level is <c>+</c>: one topic.</summary>
    [Benchmark]
    public int ScanPlus() => Scan(_plus.Next());

    /// <summary>The first page, of at most 100, of everything.</summary>
    [Benchmark]
    public int ScanPage() => Scan("#"u8);

    private int Scan(ReadOnlySpan<byte> filter)
    {
        _results.Clear();
        _index.Scan(filter, default, 100, _results, out _);
        return _results.Count;
    }
}
