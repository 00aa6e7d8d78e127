using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>Whether the limits let one client subscribe. Used by the one who reads it.</summary>
internal sealed class SubscriptionLimits
{
    private const double SecondsOfAMinute = 60;
    private const int LongestOwnTopic = 64, MostOwnLevels = 5;
    private readonly GatewayContext _context;
    private readonly bool _isV5;
    // Those of the packets in hand that the client does not have yet.
    private readonly HashSet<string> _added = [];
    private TokenBucket? _perMinute;

    private SubscriptionLimits(GatewayContext context, bool isV5) => (_context, _isV5) = (context, isV5);

    /// <summary>Those of one client; null where every subscription is allowed.</summary>
    public static SubscriptionLimits? Of(GatewayContext context, bool isV5) => context.Limits is
        { MaxTopicBytes: GatewayLimits.LongestTopic, MaxTopicLevels: 0, SharedSubscriptionsAvailable: true, WildcardSubscriptionsAvailable: true, MaxSubscriptionsPerMinute: 0, MaxSubscriptionsPerClient: 0 }
        ? null
        : new SubscriptionLimits(context, isV5);

    /// <summary>Packets are about to be examined, all those before have been carried out.</summary>
    public void Begin() => _added.Clear();

    /// <summary>Which limit a subscription is beyond; null where it is allowed. A valid filter.</summary>
    /// <param name="filter">Its filter as the client knows it.</param>
    /// <param name="whole">The filter behind the client's mount point.</param>
    /// <param name="subscriptions">How many the client has.</param>
    /// <param name="has">Whether a whole filter is one of theirs.</param>
    public Refusal? Examine(string filter, string whole, int subscriptions, Func<string, bool> has)
    {
        var refusal = Find(_context.Limits, filter, whole, subscriptions, has);
        if (refusal is not null) _context.Metrics.CountRefused(refusal.Kind);
        return refusal;
    }

    private Refusal? Find(GatewayLimits limits, string filter, string whole, int subscriptions, Func<string, bool> has)
    {
        if (IsTooLong(limits, filter)) return new Refusal(RefusalKind.Topic, ReasonCode.TopicFilterInvalid, "a topic filter that is too long", EndsConnection: false);
        // Announced in CONNACK, so that a 5.0 client that does it nevertheless breaks the protocol (sections 3.2.2.3.11 and 3.2.2.3.13).
        if (!limits.SharedSubscriptionsAvailable && SharedFilter.IsShared(filter))
            return new Refusal(RefusalKind.SubscriptionKind, ReasonCode.SharedSubscriptionsNotSupported, "shared subscriptions are not available", EndsConnection: _isV5);
        if (!limits.WildcardSubscriptionsAvailable && filter.AsSpan().ContainsAny('+', '#'))
            return new Refusal(RefusalKind.SubscriptionKind, ReasonCode.WildcardSubscriptionsNotSupported, "subscriptions with wildcards are not available", EndsConnection: _isV5);
        if (limits.MaxSubscriptionsPerMinute is > 0 and var rate && !TryCount(rate))
            return new Refusal(RefusalKind.SubscribeRate, ReasonCode.QuotaExceeded, "too many subscriptions in a minute", EndsConnection: false);
        if (limits.MaxSubscriptionsPerClient is > 0 and var most && !has(whole) && _added.Add(whole) && subscriptions + _added.Count > most)
        {
            _added.Remove(whole);
            return new Refusal(RefusalKind.Subscriptions, ReasonCode.QuotaExceeded, "too many subscriptions", EndsConnection: false);
        }
        return null;
    }

    private bool TryCount(int perMinute)
    {
        var bucket = _perMinute ??= new TokenBucket(_context.Time);
        if (!bucket.Has(perMinute / SecondsOfAMinute, perMinute, 1)) return false;
        bucket.Take(perMinute / SecondsOfAMinute, perMinute, 1);
        return true;
    }

    // Of a shared subscription the filter counts, not the name of the group. The broker's own topics are as long as they are.
    private static bool IsTooLong(GatewayLimits limits, string filter)
    {
        if (limits is { MaxTopicBytes: GatewayLimits.LongestTopic, MaxTopicLevels: 0 }) return false;
        var topic = SharedFilter.TryParse(filter, out var shared) ? shared.Filter : filter;
        var (bytes, levels) = (Encoding.UTF8.GetByteCount(topic), topic.AsSpan().Count('/') + 1);
        if (topic.StartsWith("$SYS/", StringComparison.Ordinal) && bytes <= LongestOwnTopic && levels <= MostOwnLevels) return false;
        return bytes > limits.MaxTopicBytes || (limits.MaxTopicLevels > 0 && levels > limits.MaxTopicLevels);
    }
}
