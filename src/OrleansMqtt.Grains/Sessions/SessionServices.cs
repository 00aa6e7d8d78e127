using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>What every session grain of a silo needs; one object for all, so that an activation stays small.</summary>
internal sealed partial class SessionServices(
    ISessionLog log, SessionLimits limits, RouteRegistrar registrar, DeadlineShards deadlines, ILocalRouter router, BrokerMetrics metrics, TimeProvider time)
{
    public DeadlineShards Deadlines => deadlines;

    public ILocalRouter Router => router;

    public BrokerMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public SessionOutbound CreateOutbound(string clientId, ILogger logger) => new(clientId, log, limits, metrics, time, logger);

    /// <summary>
    /// Publishes a will through a router, outside the calling grain's turn: the will may lead back to the very same session.
    /// The returned task is done when the publish is under way, not when it is over.
    /// </summary>
    public Task PublishWillAsync(IGrainFactory grains, string clientId, WillMessage will, ILogger logger)
    {
        var expiresAt = will.Expiry is { } seconds ? time.GetUtcNow().ToUnixTimeMilliseconds() + seconds * 1000L : Message.Never;
        _ = RouteAsync(grains.GetGrain<IRouterGrain>("wills"), clientId, will.Message.With(expiresAt: expiresAt, publisher: clientId), logger);
        return Task.CompletedTask;
    }

    /// <summary>Ends the routes of a session that ends.</summary>
    public Task RemoveRoutesAsync(string clientId, IEnumerable<SessionSubscription> subscriptions) =>
        ChangeAsync(subscriptions
            .Select(s => SharedFilter.TryParse(s.Filter, out var shared)
                ? RouteChanges.OfMember(clientId, shared, s.Options, gateway: null, persistent: true, removed: true)
                : RouteChanges.OfSession(clientId, s.Filter, s.Options, removed: true)));

    /// <summary>Begins or ends the routes of subscriptions that are not shared; those of groups are their gateway's, which knows whether the member is there.</summary>
    public Task ChangeRoutesAsync(string clientId, IEnumerable<SessionSubscription> subscriptions, bool removed) =>
        ChangeAsync(subscriptions
            .Where(static s => !SharedFilter.IsShared(s.Filter))
            .Select(s => RouteChanges.OfSession(clientId, s.Filter, s.Options, removed)));

    private Task ChangeAsync(IEnumerable<RouteChange> changes)
    {
        var batch = new RouteBatch();
        foreach (var change in changes) registrar.Change(change, batch);
        return batch.Seal();
    }

    private static async Task RouteAsync(IRouterGrain router, string clientId, Message message, ILogger logger)
    {
        try
        {
            await router.RouteAsync([message]);
        }
#pragma warning disable CA1031 // Nobody waits for this task; what went wrong is in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogWillFailed(logger, exception, clientId);
        }
    }

    [LoggerMessage(20, LogLevel.Error, "Client {ClientId}: its will could not be published.")]
    private static partial void LogWillFailed(ILogger logger, Exception exception, string clientId);
}
