using OrleansMqtt.Protocol.Topics;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

/// <summary>The tree against a plain set of filters, each tried on its own.</summary>
public sealed class TopicTreeModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)] // a seed of its own in each run
    public void Random_changes_and_matches_agree_with_the_model(int seed)
    {
        seed = seed == 0 ? Random.Shared.Next() : seed;
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var model = new Dictionary<string, string>();
        var tree = new TopicTree<string>();
        for (var step = 0; step < 20_000; step++)
        {
            var filter = TopicSamples.RandomFilter(random);
            // Phases of growth and of decline, so that small and empty trees come up again.
            if (random.Next(5) == 0)
            {
                var entry = random.Next(2) == 0 ? $"{filter} of step {step}" : null;
                Assert.Same(entry, tree.Update(TopicSamples.Bytes(filter), (model.GetValueOrDefault(filter), entry), static (before, expected) =>
                {
                    Assert.Same(expected.Item1, before);
                    return expected.entry;
                }));
                if (entry is null) model.Remove(filter);
                else model[filter] = entry;
            }
            else if (random.Next(10) < (step / 2_000 % 2 == 0 ? 7 : 2))
            {
                var entry = tree.GetOrAdd(TopicSamples.Bytes(filter), () => filter);
                Assert.Same(model.TryGetValue(filter, out var known) ? known : model[filter] = entry, entry);
            }
            else
            {
                filter = model.Count > 0 && random.Next(2) == 0 ? model.Keys.ElementAt(random.Next(model.Count)) : filter;
                Assert.Equal(model.Remove(filter), tree.Remove(TopicSamples.Bytes(filter)));
                Assert.Null(tree.Find(TopicSamples.Bytes(filter)));
            }

            Assert.Equal(model.Count, tree.Count);
            if (step % 10 == 0)
            {
                AssertMatches(model, tree, TopicSamples.RandomTopic(random));
            }

            if (step % 1_000 == 999)
            {
                Assert.Equal(model.OrderBy(pair => pair.Key, StringComparer.Ordinal), tree.Entries.OrderBy(pair => pair.Key, StringComparer.Ordinal));
                Assert.InRange(tree.CountNodes(), 0, Math.Max(0, (2 * tree.Count) - 1));
            }
        }

        Assert.All(model.Keys, filter => Assert.True(tree.Remove(TopicSamples.Bytes(filter))));
        Assert.Equal((0, 0), (tree.Count, tree.CountNodes()));
    }

    private static void AssertMatches(Dictionary<string, string> model, TopicTree<string> tree, string topic)
    {
        var results = new List<string>();
        tree.Match(TopicSamples.Bytes(topic), results);
        Assert.Equal(model.Where(pair => TopicSamples.Matches(pair.Key, topic)).Select(pair => pair.Value).Order(StringComparer.Ordinal), results.Order(StringComparer.Ordinal));
    }
}
