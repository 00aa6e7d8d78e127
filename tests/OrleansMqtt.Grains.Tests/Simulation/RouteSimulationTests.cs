namespace OrleansMqtt.Grains.Tests.Simulation;

public sealed class RouteSimulationTests
{
    /// <summary>No silo that routes misses a subscription whose SUBACK has been sent, whatever dies, moves, is cut off, comes late or is lost; and all is well soon after.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(100, 20)]
    [InlineData(577267962, 1)] // what a gateway had said came after its name was removed
    [InlineData(922149264, 1)] // a gateway registered again under the name of an attempt that had failed
    [InlineData(1713489666, 1)] // a call that came late renewed an attachment of another activation
    [InlineData(0, 10)] // seeds of its own in each run
    public void No_subscription_in_force_is_missed_by_a_silo_that_routes(int firstSeed, int count) => Run(firstSeed, count, fenced: false);

    /// <summary>The same where an actor runtime says which silos are gone, and leases are long: silos are paused as well, declared dead, come back, and what ran there goes on.</summary>
    [Theory]
    [InlineData(1, 30)]
    [InlineData(0, 10)] // seeds of its own in each run
    public void No_subscription_in_force_is_missed_where_silos_fence_themselves(int firstSeed, int count) => Run(firstSeed, count, fenced: true);

    private static void Run(int firstSeed, int count, bool fenced)
    {
        if (firstSeed == 0) firstSeed = Random.Shared.Next();
        var questions = 0L;
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
            using var cluster = new Cluster(seed, fenced);
            cluster.Run(TimeSpan.FromSeconds(120));
            cluster.Settle();
            questions += cluster.Questions;
        }
        Assert.True(questions > 1000L * count, $"hardly anything was in force: {questions}");
    }
}
