using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Topics;

/// <summary>Asks all gateways for the routes that they have in force in one partition; waits for each that cannot be reached until it is gone for good.</summary>
/// <remarks>
/// A gateway that registers after the roster was read has no routes yet. A route that a gateway sets or removes after its page was read comes as a change, which waits for this activation, or has
/// been refused by it because it was made for the one before.
/// </remarks>
internal sealed partial class RouteCollection(int partition, IGrainFactory grains, LeaseTimes times, TimeProvider time, ILogger logger)
{
    private IGatewayRegistryGrain Registry => grains.GetGrain<IGatewayRegistryGrain>(0);

    /// <summary>All of them.</summary>
    public async Task<IReadOnlyCollection<RouteChange>> ReadAsync(CancellationToken cancellationToken)
    {
        var roster = await ReadRosterAsync(cancellationToken);
        var routes = await Task.WhenAll(roster.Gateways.Select(gateway => ReadAsync(gateway, cancellationToken)));
        return [.. routes.SelectMany(static one => one)];
    }

    private async Task<List<RouteChange>> ReadAsync(GatewayEntry gateway, CancellationToken cancellationToken)
    {
        var entry = gateway;
        while (true)
        {
            if (entry is null) return [];
            try
            {
                if (entry.Endpoint is { } endpoint) return await UnlessGoneAsync(ReadAsync(endpoint), gateway.Name, cancellationToken);
            }
            catch (Exception exception) when (PassingFailure.Is(exception) || exception is IOException)
            {
                LogNotReached(logger, exception, gateway.Name, partition);
            }
            await Task.Delay(times.Retry, time, cancellationToken);
            entry = (await ReadRosterAsync(cancellationToken)).Gateways.FirstOrDefault(known => known.Name == gateway.Name);
        }
    }

    // One that hangs answers nothing, and the call would wait for its time-out when the gateway has long been gone.
    private async Task<List<RouteChange>> UnlessGoneAsync(Task<List<RouteChange>> reading, string gateway, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(reading, Task.Delay(times.Round, time, enough.Token));
            enough.Cancel();
            if (reading.IsCompleted) return await reading;
            cancellationToken.ThrowIfCancellationRequested();
            if (!(await ReadRosterAsync(cancellationToken)).Gateways.Any(known => known.Name == gateway)) return [];
        }
    }

    private async Task<List<RouteChange>> ReadAsync(IGatewayEndpoint endpoint)
    {
        var routes = new List<RouteChange>();
        for (int? next = 0; next is { } number;)
        {
            var page = await endpoint.ReadRoutesAsync(partition, number);
            routes.AddRange(page.Routes);
            next = page.Next;
        }
        return routes;
    }

    private async Task<GatewayRoster> ReadRosterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Registry.ReadAsync();
            }
            catch (Exception exception) when (PassingFailure.Is(exception) || exception is IOException)
            {
                LogNotReached(logger, exception, "registry", partition);
            }
            await Task.Delay(times.Retry, time, cancellationToken);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "{Gateway} could not be asked for its routes in partition {Partition}; trying again.")]
    private static partial void LogNotReached(ILogger logger, Exception exception, string gateway, int partition);
}
