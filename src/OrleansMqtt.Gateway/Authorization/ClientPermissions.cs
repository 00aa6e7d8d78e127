using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Authorization;

/// <summary>
/// What one connected client may do, as far as it has been decided. Publishes are looked up by its reading thread alone, messages for it under its outbox's gate alone; the rest is thread-safe.
/// </summary>
internal sealed partial class ClientPermissions(GatewayContext context, string clientId, ClientIdentity identity)
{
    private static readonly TimeSpan LogPause = TimeSpan.FromSeconds(1);
    private readonly AuthorizationChain _chain = context.Authorization!;
    private readonly DecisionCache _publishes = new();
    private readonly DecisionCache _receives = new();
    // Held for a moment only, and nothing else is locked under it.
    private readonly Lock _lock = new();
    // The filters of its subscriptions, as topics are matched with them; null for one that was allowed in part.
    private readonly Dictionary<string, byte[]?> _granted = [];
    private ClientIdentity _identity = identity;
    private volatile bool _asksToReceive;
    private int _identities, _changes;
    private long _loggedAt;

    /// <summary>Who the client is.</summary>
    public ClientIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>Moves when what was decided before may be decided otherwise.</summary>
    public int Version => _chain.Version + Volatile.Read(ref _identities);

    /// <summary>The client has authenticated again.</summary>
    public void Become(ClientIdentity identity)
    {
        Volatile.Write(ref _identity, identity);
        Interlocked.Increment(ref _identities);
    }

    /// <summary>What has been decided about a publish: success, or the reason of the refusal; null when that is not known. On the reading thread.</summary>
    public ReasonCode? FindPublish(ReadOnlySpan<byte> topic, QualityOfService qos, bool retain) => _publishes.Find(topic, KindOf(qos, retain), Version);

    /// <summary>Has it decided and remembered. To be called while nothing is read.</summary>
    public async Task<ReasonCode> DecidePublishAsync(Message message, CancellationToken cancellationToken)
    {
        var version = Version;
        var request = new AuthorizationRequest(clientId, Identity, TopicAction.Publish, message.TopicName, message.QoS, message.Retain);
        if (await TryDecideAsync(request, cancellationToken) is not { } result) return ReasonCode.NotAuthorized;
        var reason = ReasonOf(result, PacketType.PubAck);
        _publishes.Set(message.Topic, KindOf(message.QoS, message.Retain), version, reason);
        return reason;
    }

    /// <summary>What it has published lately and was allowed to. Thread-safe.</summary>
    public IReadOnlyList<ClientPublish> RecentPublishes() =>
        [.. _publishes.Allowed().Select(static p => new ClientPublish(Encoding.UTF8.GetString(p.Topic), (QualityOfService)(p.Kind / 2), p.Kind % 2 == 1))];

    /// <summary>Whether the client may leave such a will.</summary>
    public async Task<bool> MayLeaveAsync(Message will, CancellationToken cancellationToken)
    {
        var request = new AuthorizationRequest(clientId, Identity, TopicAction.Publish, will.TopicName, will.QoS, will.Retain);
        return await TryDecideAsync(request, cancellationToken) is { Decision: not AuthorizationDecision.Deny };
    }

    /// <summary>Decides about subscriptions, all together. A refusal where an authorizer fails. Waits no longer than the client is there, whatever the authorizers do.</summary>
    public Task<AuthorizationResult[]> DecideAsync(IEnumerable<(string Filter, QualityOfService QoS)> subscriptions, CancellationToken cancellationToken) =>
        Task.Run(() => Task.WhenAll(subscriptions.Select(async s => await TryDecideAsync(RequestOf(s.Filter, s.QoS), cancellationToken) ?? AuthorizationResult.Deny))).WaitAsync(cancellationToken);

    /// <summary>The same; fails where an authorizer does, so that nothing is taken away because of it.</summary>
    public Task<AuthorizationResult[]> DecideAgainAsync(IEnumerable<(string Filter, QualityOfService QoS)> subscriptions, CancellationToken cancellationToken) =>
        Task.Run(() => Task.WhenAll(subscriptions.Select(async s => await _chain.DecideAsync(RequestOf(s.Filter, s.QoS), cancellationToken)))).WaitAsync(cancellationToken);

    /// <summary>The reason code of a refusal in a packet of this type; success where nothing is refused.</summary>
    public static ReasonCode ReasonOf(AuthorizationResult result, PacketType type)
    {
        if (result.Decision != AuthorizationDecision.Deny) return ReasonCode.Success;
        return ReasonCodes.IsAllowed(type, result.Reason, PublishOrigin.Server) ? result.Reason : ReasonCode.NotAuthorized;
    }

    /// <summary>The client has the subscription from now on.</summary>
    public void Grant(string filter, AuthorizationResult result)
    {
        var isPartial = result.Decision == AuthorizationDecision.AllowInPart;
        lock (_lock)
        {
            _granted[filter] = isPartial ? null : Encoding.UTF8.GetBytes(BehindGroup(filter));
            _changes++;
            if (isPartial) _asksToReceive = true;
        }
    }

    /// <summary>The client has it no longer. What is still on its way by one that was taken away is asked about.</summary>
    public void End(string filter, bool isRevoked)
    {
        lock (_lock)
        {
            _granted.Remove(filter);
            _changes++;
            if (isRevoked) _asksToReceive = true;
        }
    }

    /// <summary>Whether the client may have a message of the topic. Under its outbox's gate.</summary>
    public bool MayReceive(ReadOnlySpan<byte> topic)
    {
        if (!_asksToReceive) return true;
        // Each part only ever grows, and so does the sum.
        var version = Version + Volatile.Read(ref _changes);
        if (_receives.Find(topic, 0, version) is { } known) return known == ReasonCode.Success;
        bool isAllowed;
        try
        {
            isAllowed = IsGranted(topic) || _chain.MayReceive(new AuthorizationRequest(clientId, Identity, TopicAction.Receive, Encoding.UTF8.GetString(topic)));
        }
#pragma warning disable CA1031 // Whatever it is: what is not allowed is refused.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailedSometimes(exception, TopicAction.Receive);
            return false;
        }
        _receives.Set(topic, 0, version, isAllowed ? ReasonCode.Success : ReasonCode.NotAuthorized);
        return isAllowed;
    }

    /// <summary>Counts a refusal, and logs it unless another was logged a moment ago.</summary>
    public void CountDenied(TopicAction action, ReadOnlySpan<byte> topic, ReasonCode reason)
    {
        context.SecurityMetrics.CountDenied(action);
        if (context.Logger.IsEnabled(LogLevel.Debug) && MayLog()) LogDenied(context.Logger, LogName, action, LogText.Escape(Encoding.UTF8.GetString(topic)), (byte)reason);
    }

    private string LogName => LogText.Of(clientId, Identity.UserName);

    private static string BehindGroup(string filter) => SharedFilter.TryParse(filter, out var shared) ? shared.Filter : filter;

    private static int KindOf(QualityOfService qos, bool retain) => ((int)qos * 2) + (retain ? 1 : 0);

    private AuthorizationRequest RequestOf(string filter, QualityOfService qos) => new(clientId, Identity, TopicAction.Subscribe, BehindGroup(filter), qos);

    private bool IsGranted(ReadOnlySpan<byte> topic)
    {
        lock (_lock)
        {
            foreach (var filter in _granted.Values)
                if (filter is not null && TopicFilter.Matches(filter, topic)) return true;
            return false;
        }
    }

    private async Task<AuthorizationResult?> TryDecideAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _chain.DecideAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client is gone: nobody is answered.
            return null;
        }
#pragma warning disable CA1031 // Whatever it is: what is not allowed is refused, and not remembered.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailedSometimes(exception, request.Action);
            return null;
        }
    }

    private void LogFailedSometimes(Exception exception, TopicAction action)
    {
        if (MayLog()) LogFailed(context.Logger, exception, LogName, action);
    }

    // One line a second of one client.
    private bool MayLog()
    {
        var (now, last) = (context.Time.GetTimestamp(), Volatile.Read(ref _loggedAt));
        return (last == 0 || context.Time.GetElapsedTime(last, now) >= LogPause) && Interlocked.CompareExchange(ref _loggedAt, now, last) == last;
    }

    [LoggerMessage(120, LogLevel.Debug, "Client {Client}: may not {Action} {Topic}, 0x{Reason:X2}.")]
    private static partial void LogDenied(ILogger logger, string client, TopicAction action, string topic, byte reason);

    [LoggerMessage(121, LogLevel.Error, "Client {Client}: an authorizer failed; {Action} is refused.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string client, TopicAction action);
}
