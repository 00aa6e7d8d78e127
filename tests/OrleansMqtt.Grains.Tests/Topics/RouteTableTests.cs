using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Tests.Topics;

public sealed class RouteTableTests
{
    /// <summary>Random changes of few routes, against a plain list of what stands.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0)] // a seed of its own in each run
    public void It_holds_what_was_set_last_and_not_removed(int seed)
    {
        seed = seed == 0 ? Random.Shared.Next() : seed;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var (table, model) = (new RouteTable(), new Dictionary<(RouteKind, string, string), RouteChange>());
        for (var step = 0; step < 5_000; step++)
        {
            var change = Change(random);
            var key = (change.Kind, change.Filter, change.Receiver);
            table.Apply(change);
            if (change.Removed) model.Remove(key);
            else model[key] = change;

            Assert.Equal(model.ContainsKey(key), table.Contains(change));
            Assert.Equal(model.Values.OrderBy(Key), table.All.OrderBy(Key));
        }
    }

    private static string Key(RouteChange route) => $"{route.Kind} {route.Filter} {route.Receiver}";

    private static RouteChange Change(Random random)
    {
        var (filter, receiver, removed) = ($"{random.Next(2)}", $"{random.Next(3)}", random.Next(2) == 0);
        return random.Next(3) switch
        {
            0 => Samples.Member(receiver, filter, random.Next(2) == 0 ? "g" : null, removed),
            1 => RouteChanges.OfSession(receiver, filter, Samples.Options(), removed),
            _ => RouteChanges.OfGateway(receiver, filter, removed),
        };
    }
}
