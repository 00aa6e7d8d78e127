using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>What every session grain of a silo needs; one object for all, so that an activation stays small.</summary>
internal sealed class SessionServices(
    ISessionLog log, IConnectionStore connections, Live<SessionLimits> limits, RouteRegistrar registrar, DeadlineShards deadlines, ILocalRouter router, BrokerMetrics metrics, TimeProvider time,
    IGatewayDirectory? gateways = null, UnstoredConnections? unstored = null, ConnectionSurvey? survey = null, BrokerEvents? events = null)
{
    public DeadlineShards Deadlines => deadlines;

    public IConnectionStore Connections => connections;

    public ILocalRouter Router => router;

    public BrokerMetrics Metrics => metrics;

    /// <summary>Whether a gateway may still serve clients. An embedded broker's only one is this process.</summary>
    public async ValueTask<bool> IsGoneAsync(string gateway) => gateways is not null && await gateways.FindAsync(gateway) is null;

    /// <summary>The gateway, if it is another process and not gone.</summary>
    public async ValueTask<IGatewayEndpoint?> FindGatewayAsync(string gateway) => gateways is null ? null : await gateways.FindAsync(gateway);

    /// <summary>Waits for a gateway's answer, but not for that of one that is gone.</summary>
    public Task AnswersAsync(string gateway, Task call) => gateways is null ? call : gateways.AnswersAsync(gateway, call);

    /// <summary>Connections that nothing is stored of; null where they end with this process.</summary>
    public UnstoredConnections? Unstored => unstored;

    /// <summary>Where connections may be that their grain has lost sight of; null where grains end with their connections.</summary>
    public ConnectionSurvey? Survey => survey;

    /// <summary>Whether a gateway that can't be reached may serve its clients nevertheless.</summary>
    public bool HasOtherGateways => gateways is not null;

    public TimeProvider Time => time;

    /// <summary>The gateway of a connection is gone, which would have told of its end.</summary>
    public void TellLost(string clientId, long epoch, string? gateway)
    {
        if (events is not null && (events.Wanted & EventKinds.Disconnected) != 0)
            events.Post(new ClientDisconnected { ClientId = clientId, Connection = epoch, By = DisconnectedBy.Gateway, Description = gateway is null ? "the broker was lost" : $"gateway {gateway} was lost" });
    }

    public SessionOutbound CreateOutbound(string clientId, ILogger logger) => new(clientId, log, limits, metrics, time, logger);

    /// <summary>
    /// Publishes a will through a router; returns when everybody who is to keep it has it. It may lead back to the session that publishes it, which
    /// takes messages in the midst of a turn.
    /// </summary>
    /// <exception cref="IOException">Somebody could not take it.</exception>
    public async Task PublishWillAsync(IGrainFactory grains, string clientId, WillMessage will, long epoch)
    {
        var expiresAt = will.Expiry is { } seconds ? time.GetUtcNow().ToUnixTimeMilliseconds() + seconds * 1000L : Message.Never;
        // One will per connection: no earlier one is ever published again.
        var number = new MessageNumber(epoch, 0);
        var message = will.Message.With(expiresAt: expiresAt, publisher: clientId, identity: new MessageIdentity(MessageIdentity.OfWill(clientId), number, number), order: new RetainedOrder(epoch, RetainedOrder.Will));
        var receivers = await grains.GetGrain<IRouterGrain>("wills").RouteAsync([message]);
        // What has reached its receivers, or was denied, would fare no better if it were published again.
        if (RouteOutcome.FailureOf(receivers[0]) is { } failure && !RouteOutcome.IsFinal(failure)) throw new IOException($"The will of {clientId} could not be stored for all who are to get it.");
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
}
