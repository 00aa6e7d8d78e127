using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Security;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Subscriptions;

// Which subscriptions the client may have, and may keep.
internal sealed partial class SubscriptionHandler
{
    private const int MostLogged = 10;

    /// <summary>
    /// Decides about all subscriptions of the client again, and ends those that it may not have any more, as UNSUBSCRIBE would. Fails, and ends none, where an authorizer fails.
    /// </summary>
    public async Task ReviewAsync()
    {
        if (connection.Permissions is not { } permissions) return;
        int version;
        do
        {
            version = permissions.Version;
            (string Filter, QualityOfService QoS)[] subscriptions;
            lock (_lock) subscriptions = [.. _subscriptions.Select(static s => (s.Key, s.Value.MaximumQoS))];
            if (subscriptions.Length == 0) return;
            var results = await permissions.DecideAgainAsync(subscriptions, connection.Leaving);
            var revoked = subscriptions.Zip(results).Where(static s => s.Second.Decision == AuthorizationDecision.Deny).Select(static s => s.First.Filter).ToList();
            foreach (var ((filter, _), result) in subscriptions.Zip(results))
                if (result.Decision != AuthorizationDecision.Deny) Confirm(permissions, filter, result);
            if (revoked.Count > 0) await RevokeAsync(revoked);
        }
        while (permissions.Version != version);
    }

    /// <summary>The client's subscriptions. Thread-safe.</summary>
    public IReadOnlyList<ClientSubscription> Describe()
    {
        lock (_lock) return [.. _subscriptions.Select(static s => new ClientSubscription(s.Key, s.Value.MaximumQoS))];
    }

    // Fills in the reason codes of refusals; returns those that are granted, marked as such before the first message comes by them.
    private async Task<List<SessionSubscription>> DecideAsync(ClientPermissions permissions, ReasonCode[][] codes, List<SessionSubscription> wanted)
    {
        var results = await permissions.DecideAsync(wanted.Select(static s => (s.Filter, s.Options.MaximumQoS)), connection.Leaving);
        var (granted, next) = (new List<SessionSubscription>(wanted.Count), 0);
        foreach (var packet in codes)
        {
            for (var i = 0; i < packet.Length; i++)
            {
                if (packet[i].IsFailure()) continue;
                var (subscription, result) = (wanted[next], results[next++]);
                var reason = ClientPermissions.ReasonOf(result, PacketType.SubAck);
                if (reason == ReasonCode.Success)
                {
                    permissions.Grant(subscription.Filter, result);
                    granted.Add(subscription);
                    continue;
                }
                packet[i] = reason;
                permissions.CountDenied(TopicAction.Subscribe, Encoding.UTF8.GetBytes(subscription.Filter), reason);
            }
        }
        return granted;
    }

    private void Confirm(ClientPermissions permissions, string filter, AuthorizationResult result)
    {
        // Unless the client has ended it meanwhile.
        lock (_lock)
            if (_subscriptions.ContainsKey(filter)) permissions.Grant(filter, result);
    }

    private async Task RevokeAsync(List<string> filters)
    {
        if (session is not null && !await session.UnsubscribeAsync(connection.Epoch, [.. filters])) return;
        var effective = new RouteBatch();
        foreach (var filter in filters) Remove(filter, sessionEnds: true, effective, isRevoked: true);
        await effective.Seal();
        foreach (var filter in filters) TellUnsubscribed(filter, isRevoked: true);
        LogRevoked(context.Logger, connection.LogName, filters.Count, LogText.Escape(string.Join(", ", filters.Take(MostLogged))));
    }

    [LoggerMessage(202, LogLevel.Information, "Client {ClientId}: {Count} of its subscriptions are not allowed any more and have ended: {Filters}.")]
    private static partial void LogRevoked(ILogger logger, string clientId, int count, string filters);
}
