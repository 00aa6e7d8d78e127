using Orleans;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

internal interface IKeepingGrain : IGrainWithStringKey
{
    Task<ReadOnlyMemory<byte>> Exchange([Immutable] byte[] bytes);

    [return: Immutable]
    ValueTask<byte[]> Last();
}

internal sealed class KeepingGrain : Grain, IKeepingGrain
{
    private byte[] _last = [];

    public Task<ReadOnlyMemory<byte>> Exchange(byte[] bytes)
    {
        _last = bytes;
        return Task.FromResult<ReadOnlyMemory<byte>>(bytes);
    }

    public ValueTask<byte[]> Last() => new(_last);
}

public class ByReferenceTests
{
    [Fact]
    public async Task Calls_in_one_process_pass_references()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<IKeepingGrain>("a");
        var bytes = new byte[100];

        var result = await grain.Exchange(bytes);

        Assert.True(result.Equals(bytes));
        Assert.Same(bytes, await grain.Last());
    }
}
