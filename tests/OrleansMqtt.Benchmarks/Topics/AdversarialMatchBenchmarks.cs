using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Benchmarks.Topics;

/// <summary>
/// Matching among filters that somebody chose to make it slow. The last of them does what no tree prevents: it costs a visit to each
/// node, but no more than that.
/// </summary>
[MemoryDiagnoser]
public class AdversarialMatchBenchmarks
{
    private const int Depth = 14;

    private readonly List<object> _results = new(2_048);
    private readonly TopicTree<object> _wide = new(), _deep = new(), _patterns = new();
    private readonly byte[] _wideTopic = Fleet.Bytes(string.Join('/', Enumerable.Repeat("a", 16)) + "/5");
    private readonly byte[] _deepTopic = Fleet.Bytes(new string('/', 999));
    private readonly byte[] _patternTopic = Fleet.Bytes(string.Join('/', Enumerable.Repeat("a", Depth)) + "/other");

    /// <summary>Fills the trees.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        for (var i = 0; i < 100_000; i++) Add(_wide, string.Join('/', Enumerable.Repeat("+", 16)) + $"/{i}");
        for (var depth = 1; depth <= 1_000; depth++) Add(_deep, string.Join('/', Enumerable.Repeat("+", depth)));
        for (var pattern = 0; pattern < 1 << Depth; pattern++)
            Add(_patterns, string.Join('/', Enumerable.Range(0, Depth).Select(bit => (pattern >> bit & 1) == 0 ? "a" : "+")) + "/end");
    }

    /// <summary>100,000 filters <c>+/+/…/i</c> of 17 levels; one matches.</summary>
    [Benchmark(Baseline = true)]
    public int Wide() => Match(_wide, _wideTopic);

    /// <summary>1,000 filters <c>+/+/…</c> of 1 to 1,000 levels; a topic of 1,000 empty levels matches one of them.</summary>
    [Benchmark]
    public int Deep() => Match(_deep, _deepTopic);

    /// <summary>All 16,384 patterns of <c>a</c> and <c>+</c> on 14 levels: every way fits until the last level, where none does.</summary>
    [Benchmark]
    public int EveryPattern() => Match(_patterns, _patternTopic);

    private static void Add(TopicTree<object> tree, string filter) => tree.GetOrAdd(Fleet.Bytes(filter), static () => new object());

    private int Match(TopicTree<object> tree, byte[] topic)
    {
        _results.Clear();
        tree.Match(topic, _results);
        return _results.Count;
    }
}
