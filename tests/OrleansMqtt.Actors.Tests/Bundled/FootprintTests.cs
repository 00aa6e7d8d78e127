using OrleansMqtt.Actors.Tests.Calls;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>Counts bytes of the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(FootprintTests), DisableParallelization = true)]
[Collection(nameof(FootprintTests))]
public class FootprintTests
{
    [Fact]
    public async Task An_activation_takes_less_than_600_bytes_with_its_key_and_grain()
    {
        const int Activations = 20_000;
        await using var cluster = await Cluster.StartAsync();
        await cluster.GrainFactory.GetGrain<IEchoGrain>("warm").AddValue(1, 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < Activations; i++)
        {
            await cluster.GrainFactory.GetGrain<IEchoGrain>($"client-{i:D9}").AddValue(1, 1);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Activations;
        Assert.True(bytes < 600, $"An activation takes {bytes} bytes.");
    }

    [Fact]
    public async Task A_call_allocates_its_call_object_and_the_turns_task_and_serializes_nothing()
    {
        const int Calls = 20_000;
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IEchoGrain>("a");
        await grain.AddValue(1, 1);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        for (var i = 0; i < Calls; i++)
        {
            await grain.AddValue(1, i);
        }

        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;
        Assert.True(bytes < 300, $"A call allocates {bytes} bytes.");
    }
}
