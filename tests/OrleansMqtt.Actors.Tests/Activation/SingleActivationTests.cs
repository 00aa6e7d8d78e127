using Orleans;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Activation;

internal interface ICountedGrain : IGrainWithIntegerKey
{
    Task<int> Next();
}

internal sealed class CountedGrain : Grain, ICountedGrain
{
    private int _calls;

    public async Task<int> Next()
    {
        var before = _calls;
        await Task.Yield();
        return _calls = before + 1;
    }
}

public class SingleActivationTests
{
    [Fact]
    public async Task Concurrent_first_calls_meet_one_activation()
    {
        await using var cluster = await Cluster.StartAsync();
        const int Callers = 64;

        for (var key = 0; key < 20; key++)
        {
            using var barrier = new Barrier(2);
            var halves = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                barrier.SignalAndWait(TestContext.Current.CancellationToken);
                return await Task.WhenAll(
                    Enumerable.Range(0, Callers / 2).Select(_ => cluster.GrainFactory.GetGrain<ICountedGrain>(key).Next()));
            }));
            var numbers = (await Task.WhenAll(halves)).SelectMany(half => half).Order();

            // Each call saw the count of the one before: one grain, one call at a time.
            Assert.Equal(Enumerable.Range(1, Callers), numbers);
        }
    }

    [Fact]
    public async Task Different_keys_are_different_grains()
    {
        await using var cluster = await Cluster.StartAsync();

        Assert.Equal(1, await cluster.GrainFactory.GetGrain<ICountedGrain>(1).Next());
        Assert.Equal(1, await cluster.GrainFactory.GetGrain<ICountedGrain>(-1).Next());
        Assert.Equal(2, await cluster.GrainFactory.GetGrain<ICountedGrain>(1).Next());
    }
}
