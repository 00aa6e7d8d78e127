using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>A filter comes and goes again, among few and many others.</summary>
[MemoryDiagnoser]
public class TreeChangeBenchmarks
{
    private const int Probes = 1_024;

    private readonly TopicTree<object> _tree = new();
    // Kept, so that no delegate is counted as memory of the tree.
    private readonly Func<object> _create = CreateOnce(new object());
    private Rotation _exact = null!, _plus = null!, _hash = null!;

    /// <summary>Other filters in the tree.</summary>
    [Params(1, 1_000, 1_000_000)]
    public int Filters { get; set; }

    /// <summary>Fills the tree.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < Filters; i++) _tree.GetOrAdd(Fleet.Bytes(Fleet.Filter(i)), _create);
        var topics = Fleet.States(Filters, Probes);
        _exact = new Rotation(topics);
        _plus = new Rotation([.. topics.Select(static topic => (byte[])[.. topic[..topic.AsSpan().LastIndexOf((byte)'/')], .. "/+"u8])]);
        _hash = new Rotation([.. topics.Select(static topic => (byte[])[.. topic, .. "/#"u8])]);
    }

    /// <summary>An exact filter.</summary>
    [Benchmark(Baseline = true)]
    public bool AddAndRemoveExact() => AddAndRemove(_exact);

    /// <summary>A filter that ends with <c>+</c>.</summary>
    [Benchmark]
    public bool AddAndRemovePlus() => AddAndRemove(_plus);

    /// <summary>A filter that ends with <c>#</c>.</summary>
    [Benchmark]
    public bool AddAndRemoveHash() => AddAndRemove(_hash);

    private static Func<object> CreateOnce(object entry) => () => entry;

    private bool AddAndRemove(Rotation filters)
    {
        var filter = filters.Next();
        _tree.GetOrAdd(filter, _create);
        return _tree.Remove(filter);
    }
}
