using Microsoft.Extensions.Logging;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Gateways;

/// <summary>Does for a gateway that is gone what it can't do any more: ends its routes and its connections. Every step may be repeated.</summary>
internal sealed partial class GatewayFarewell(IGrainFactory grains, IConnectionStore connections, TopicPartitions partitions, ILogger logger)
{
    private const int AtOnce = 256;

    /// <summary>Returns when all of it has been done, and fails when some of it could not be.</summary>
    /// <exception cref="IOException">Some of it could not be done. It may be tried again.</exception>
    public async Task CarryOutAsync(string gateway)
    {
        // Side by side: wills are not to wait for a partition that is just moving.
        var failures = await Task.WhenAll(EndRoutesAsync(gateway), EndConnectionsAsync(gateway));
        if (failures.Sum() > 0) throw new IOException($"{failures[0]} partitions and {failures[1]} sessions could not be told that gateway {gateway} is gone.");
    }

    private Task<int> EndRoutesAsync(string gateway) => ForEachAsync(
        Enumerable.Range(0, partitions.Count), partition => grains.GetGrain<ITopicGrain>(partition).RemoveGatewayAsync(gateway), partition => $"partition {partition}");

    private async Task<int> EndConnectionsAsync(string gateway)
    {
        var lost = await connections.ReadAsync(gateway);
        return await ForEachAsync(lost, connection => EndAsync(gateway, connection), connection => $"client {connection.ClientId}");
    }

    private async Task EndAsync(string gateway, StoredConnection connection)
    {
        await grains.GetGrain<ISessionGrain>(SessionKey.Of(connection.ClientId)).ConnectionLostAsync(connection.Epoch, gateway);
        await connections.RemoveAsync(gateway, connection);
    }

    // One that fails keeps none of the others from it.
    private async Task<int> ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> action, Func<T, string> name)
    {
        var failures = 0;
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) =>
        {
            try
            {
                await action(item);
            }
#pragma warning disable CA1031 // It is logged and counted, and tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref failures);
                LogFailed(logger, exception, name(item));
            }
        });
        return failures;
    }

    [LoggerMessage(10, LogLevel.Error, "A gateway is gone, and {Receiver} could not be told.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string receiver);
}
