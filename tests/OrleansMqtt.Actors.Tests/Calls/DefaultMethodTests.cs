using Orleans;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface IGreeterGrain : IGrainWithStringKey
{
    Task<string> Greet(string name) => Task.FromResult($"Hello {name}, says {GetType().Name}");

    ValueTask<string> Part() => new("Goodbye");
}

internal interface IPoliteGrain : IGreeterGrain
{
    ValueTask<string> IGreeterGrain.Part() => new("Farewell");
}

internal sealed class PlainGreeterGrain : Grain, IGreeterGrain;

internal sealed class PoliteGrain : Grain, IPoliteGrain
{
    public Task<string> Greet(string name) => Task.FromResult($"Good day, {name}");
}

/// <summary>Methods of grain interfaces that have a default implementation.</summary>
public class DefaultMethodTests
{
    [Fact]
    public async Task A_default_implementation_runs_in_the_grain()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IGreeterGrain>("a", typeof(PlainGreeterGrain).FullName);

        Assert.Equal("Hello you, says PlainGreeterGrain", await grain.Greet("you"));
        Assert.Equal("Goodbye", await grain.Part());
    }

    [Fact]
    public async Task The_grains_own_implementation_and_that_of_a_nearer_interface_come_first()
    {
        await using var cluster = await Cluster.StartAsync();
        IGreeterGrain grain = cluster.GrainFactory.GetGrain<IPoliteGrain>("a");

        Assert.Equal("Good day, you", await grain.Greet("you"));
        Assert.Equal("Farewell", await grain.Part());
        Assert.Equal("Farewell", await cluster.GrainFactory.GetGrain<IGreeterGrain>("a", typeof(PoliteGrain).FullName).Part());
    }
}
