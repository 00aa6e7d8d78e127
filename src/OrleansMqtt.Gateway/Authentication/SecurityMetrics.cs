using System.Diagnostics.Metrics;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Authentication;

/// <summary>What is refused to clients, counted: instruments of the meter <c>OrleansMqtt</c>.</summary>
public sealed class SecurityMetrics : IDisposable
{
    private readonly Meter _meter = new("OrleansMqtt");
    private readonly Counter<long> _refused, _denied;
    private long _refusals, _denials;

    /// <summary>Creates the instruments.</summary>
    public SecurityMetrics()
    {
        _refused = _meter.CreateCounter<long>("orleansmqtt.authentication.refused", "{client}", "Clients refused at CONNECT or when they authenticate again, by reason code");
        _denied = _meter.CreateCounter<long>("orleansmqtt.authorization.denied", "{action}", "Publishes, subscriptions and messages refused to clients, by action");
    }

    /// <summary>Clients refused.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Actions refused.</summary>
    public long Denials => Volatile.Read(ref _denials);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void CountRefused(ReasonCode reason)
    {
        Interlocked.Increment(ref _refusals);
        _refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    internal void CountDenied(TopicAction action)
    {
        Interlocked.Increment(ref _denials);
        _denied.Add(1, new KeyValuePair<string, object?>("action", action.ToString()));
    }
}
