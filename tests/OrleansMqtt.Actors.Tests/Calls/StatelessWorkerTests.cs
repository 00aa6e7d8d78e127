using Orleans;
using Orleans.Concurrency;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface IWorkerGrain : IGrainWithStringKey
{
    Task Work(string gate);
}

[StatelessWorker(3)]
internal sealed class WorkerGrain : Grain, IWorkerGrain
{
    public Task Work(string gate) => Gates.Of(gate).PassAsync();
}

public class StatelessWorkerTests
{
    [Fact]
    public async Task Several_activations_serve_one_key_up_to_the_limit()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IWorkerGrain>("a");
        var gate = Gates.NewName();

        var calls = Enumerable.Range(0, 5).Select(_ => grain.Work(gate)).ToArray();
        await Gates.Of(gate).ArrivalsAsync(3);
        Assert.Equal(3, Gates.Of(gate).Count);

        Gates.Of(gate).Open();
        await Task.WhenAll(calls);
        Assert.Equal(5, Gates.Of(gate).Count);
    }
}
