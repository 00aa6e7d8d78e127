using OrleansMqtt.Protocol.Topics;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

/// <summary>The index against a plain sorted map whose topics are tried one by one.</summary>
public sealed class TopicIndexModelTests(ITestOutputHelper output)
{
    private readonly TopicIndex<string> _index = new();
    private readonly SortedDictionary<string, string> _model = new(Comparer<string>.Create(TopicSamples.CompareByLevels));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)] // a seed of its own in each run
    public void Random_changes_and_scans_agree_with_the_model(int seed)
    {
        var random = Start(seed);
        for (var step = 0; step < 20_000; step++)
        {
            Change(random, step / 4_000 % 2 == 0 ? 8 : 3);
            if (step % 20 == 0)
            {
                var filter = TopicSamples.RandomFilter(random);
                var results = new List<string>();
                byte[]? after = null;
                while (_index.Scan(TopicSamples.Bytes(filter), after, random.Next(1, 50), results, out after))
                {
                }

                Assert.Equal(_model.Where(pair => TopicSamples.Matches(filter, pair.Key)).Select(pair => pair.Value), results);
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    public void Topics_that_stand_all_the_time_are_seen_exactly_once(int seed)
    {
        var random = Start(seed);
        for (var round = 0; round < 100; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                Change(random, 8);
            }

            var filter = TopicSamples.RandomFilter(random);
            var standing = _model.Keys.Where(topic => TopicSamples.Matches(filter, topic)).ToHashSet();
            var seen = new List<string>();
            byte[]? after = null;
            while (_index.Scan(TopicSamples.Bytes(filter), after, random.Next(1, 5), seen, out after))
            {
                for (var i = random.Next(6); i > 0; i--)
                {
                    standing.Remove(Change(random, 5));
                }
            }

            // A value is its topic, a colon, and a number: whatever happened, no topic comes twice.
            var topics = seen.Select(value => value[..value.LastIndexOf(':')]).ToList();
            Assert.Equal(topics.Distinct(), topics);
            Assert.Subset(topics.ToHashSet(), standing);
            Assert.All(topics, topic => Assert.True(TopicSamples.Matches(filter, topic)));
        }
    }

    private Random Start(int seed)
    {
        seed = seed == 0 ? Random.Shared.Next() : seed;
        output.WriteLine($"Seed {seed}");
        return new Random(seed);
    }

    /// <summary>Sets or removes a random topic in both; returns it.</summary>
    private string Change(Random random, int setsOfTen)
    {
        var topic = TopicSamples.RandomTopic(random);
        var key = TopicSamples.Bytes(topic);
        _model.TryGetValue(topic, out var old);
        Assert.Equal(old, _index.Find(key));
        if (random.Next(10) < setsOfTen)
        {
            var value = $"{topic}:{random.Next()}";
            _model[topic] = value;
            Assert.Equal(old, _index.Set(key, value));
        }
        else
        {
            _model.Remove(topic);
            Assert.Equal(old, _index.Remove(key));
        }

        Assert.Equal(_model.Count, _index.Count);
        return topic;
    }
}
