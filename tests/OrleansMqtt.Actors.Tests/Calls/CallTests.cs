using Orleans;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface IEchoGrain : IGrainWithStringKey
{
    Task<string> Key();

    Task<int> Add(int left, int right);

    ValueTask<int> AddValue(int left, int right);

    Task Nothing();

    ValueTask NothingValue();

    Task<int> AddLater(int left, int right);

    ValueTask<int> AddValueLater(int left, int right);
}

internal sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public Task<int> Add(int left, int right) => Task.FromResult(left + right);

    public ValueTask<int> AddValue(int left, int right) => new(left + right);

    public Task Nothing() => Task.CompletedTask;

    public ValueTask NothingValue() => default;

    public async Task<int> AddLater(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    public async ValueTask<int> AddValueLater(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }
}

public class CallTests
{
    [Fact]
    public async Task Arguments_reach_the_grain_and_results_the_caller()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IEchoGrain>("a/b");

        Assert.Equal("a/b", await grain.Key());
        Assert.Equal(5, await grain.Add(2, 3));
        Assert.Equal(5, await grain.AddValue(2, 3));
        Assert.Equal(5, await grain.AddLater(2, 3));
        Assert.Equal(5, await grain.AddValueLater(2, 3));
        await grain.Nothing();
        await grain.NothingValue();
    }
}
