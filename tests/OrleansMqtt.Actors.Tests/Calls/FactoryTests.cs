using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface IKeyedByIntegerGrain : IGrainWithIntegerKey
{
    Task<long> Key();
}

internal interface IKeyedByGuidGrain : IGrainWithGuidKey
{
    Task<Guid> Key();
}

[GrainType("named")]
internal sealed class KeyedGrain : Grain, IKeyedByIntegerGrain, IKeyedByGuidGrain
{
    Task<long> IKeyedByIntegerGrain.Key() => Task.FromResult(this.GetPrimaryKeyLong());

    Task<Guid> IKeyedByGuidGrain.Key() => Task.FromResult(this.GetPrimaryKey());
}

internal interface IUnimplementedGrain : IGrainWithStringKey
{
    Task Nothing();
}

internal interface IForwardingGrain : IGrainWithStringKey
{
    Task<string> KeyOf(string other);

    ValueTask<IEchoGrain> Other(string other);
}

internal sealed class ForwardingGrain(IGrainFactory injected) : Grain, IForwardingGrain
{
    public Task<string> KeyOf(string other) => GrainFactory.GetGrain<IEchoGrain>(other).Key();

    public ValueTask<IEchoGrain> Other(string other) => new(injected.GetGrain<IEchoGrain>(other));
}

public class FactoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task Integer_keys_round_trip(long key)
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IKeyedByIntegerGrain>(key);

        Assert.Equal(key, await grain.Key());
        Assert.Equal(key, grain.GetPrimaryKeyLong());
        Assert.Equal("named", grain.GetGrainId().Type.ToString());
    }

    [Fact]
    public async Task Guid_keys_round_trip()
    {
        await using var cluster = await Cluster.StartAsync();
        var key = new Guid("0f8fad5b-d9cb-469f-a165-70867728950e");

        Assert.Equal(key, await cluster.GrainFactory.GetGrain<IKeyedByGuidGrain>(key).Key());
    }

    [Fact]
    public async Task A_grain_makes_references_and_hands_them_out()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IForwardingGrain>("a");

        Assert.Equal("b", await grain.KeyOf("b"));
        Assert.Equal("c", await (await grain.Other("c")).Key());
    }

    [Fact]
    public async Task An_interface_that_nothing_implements_is_refused()
    {
        await using var cluster = await Cluster.StartAsync();

        Assert.Throws<ArgumentException>(() => cluster.GrainFactory.GetGrain<IUnimplementedGrain>("a"));
    }
}
