using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Network.Tests.Clusters;

/// <summary>A grain that says where it is.</summary>
internal interface IWhereGrain : IGrainWithIntegerKey
{
    /// <summary>The name of its silo.</summary>
    Task<string> Silo();

    /// <summary>Asks another one.</summary>
    Task<string> SiloOf(long other);

    /// <summary>Waits at a gate, and says where.</summary>
    Task<string> Pass(string gate);

    /// <summary>Waits at a gate, and then asks another one.</summary>
    Task<string> PassAndAsk(string gate, long other);

    /// <summary>Returns what it got.</summary>
    Task<ReadOnlyMemory<byte>> Echo(ReadOnlyMemory<byte> bytes);

    /// <summary>Adds to a number that is kept in memory, and returns it.</summary>
    Task<int> Add();
}

internal sealed class WhereGrain(ILocalSiloDetails silo) : Grain, IWhereGrain
{
    private int _number;

    public Task<string> Silo() => Task.FromResult(silo.Name);

    public Task<string> SiloOf(long other) => GrainFactory.GetGrain<IWhereGrain>(other).Silo();

    public async Task<string> Pass(string gate)
    {
        await Gates.Of(gate).PassAsync();
        return silo.Name;
    }

    public async Task<string> PassAndAsk(string gate, long other)
    {
        await Gates.Of(gate).PassAsync();
        return await SiloOf(other);
    }

    public Task<ReadOnlyMemory<byte>> Echo(ReadOnlyMemory<byte> bytes) => Task.FromResult(bytes);

    public Task<int> Add() => Task.FromResult(++_number);
}

/// <summary>Asks a grain from where it is.</summary>
internal interface IAskingGrain : IGrainWithIntegerKey
{
    Task<(string Own, string Other)> Ask(long other);
}

internal sealed class AskingGrain(ILocalSiloDetails silo) : Grain, IAskingGrain
{
    public async Task<(string Own, string Other)> Ask(long other) => (silo.Name, await GrainFactory.GetGrain<IWhereGrain>(other).Silo());
}

/// <summary>Any number of activations in each silo.</summary>
internal interface ILocalGrain : IGrainWithIntegerKey
{
    Task<string> Silo();
}

[Orleans.Concurrency.StatelessWorker]
internal sealed class LocalGrain(ILocalSiloDetails silo) : Grain, ILocalGrain
{
    public Task<string> Silo() => Task.FromResult(silo.Name);
}

/// <summary>Calls a stateless worker from where it is.</summary>
internal interface INeighbourGrain : IGrainWithIntegerKey
{
    Task<(string Own, string Neighbour)> Silos();
}

internal sealed class NeighbourGrain(ILocalSiloDetails silo) : Grain, INeighbourGrain
{
    public async Task<(string Own, string Neighbour)> Silos() => (silo.Name, await GrainFactory.GetGrain<ILocalGrain>(0).Silo());
}
