using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>
/// What a process that keeps everything by itself does before it takes clients: no connection in the store can be alive, so each of them counts
/// as lost; and due times that passed meanwhile are due.
/// </summary>
internal static class Recovery
{
    private const int AtOnce = 256;

    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (grains, store) = (services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<IConnectionStore>());
        foreach (var gateway in await store.ReadGatewaysAsync())
            await Parallel.ForEachAsync(
                await store.ReadAsync(gateway),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (connection, _) =>
                {
                    await grains.GetGrain<ISessionGrain>(SessionKey.Of(connection.ClientId)).ConnectionLostAsync(connection.Epoch);
                    await store.RemoveAsync(gateway, connection);
                });
        await Task.WhenAll(services.GetRequiredService<DeadlineShards>().All.Select(static shard => shard.WakeAsync()));
    }
}
