using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansMqtt.Diagnostics;

/// <summary>
/// What the broker counts, as <c>System.Diagnostics.Metrics</c> instruments of the meter <c>OrleansMqtt</c> and as plain numbers for `$SYS`.
/// Each publish makes one copy per receiver; at any quiet moment copies = sent + waiting + dropped (all reasons).
/// </summary>
public sealed class BrokerMetrics : IDisposable
{
    private static readonly string[] ReasonNames = [.. Enum.GetNames<DropReason>()];
    private static readonly string[] KindNames = [.. Enum.GetNames<RefusalKind>()];
    private readonly Meter _meter = new("OrleansMqtt");
    private readonly ConcurrentDictionary<string, Func<IEnumerable<(string Host, double Seconds)>>> _certificates = new();
    private readonly long[] _dropped = new long[ReasonNames.Length];
    private readonly long[] _refused = new long[KindNames.Length];
    private long _publishesReceived, _unmatched, _copies, _sent, _bytesReceived, _bytesSent;
    private long _connected, _accepted, _notOpened, _tolerated, _maximumConnected, _subscriptions, _subscriptionsBegun, _retained, _waiting, _overload;

    /// <summary>Creates the instruments.</summary>
    public BrokerMetrics()
    {
        Observe("orleansmqtt.publish.received", "{message}", "PUBLISH packets accepted from clients", () => PublishesReceived);
        Observe("orleansmqtt.publish.unmatched", "{message}", "Publishes that nobody was subscribed to", () => Unmatched);
        Observe("orleansmqtt.copies.created", "{message}", "Copies made for receivers", () => Copies);
        Observe("orleansmqtt.copies.sent", "{message}", "Copies written to clients", () => Sent);
        _meter.CreateObservableCounter("orleansmqtt.copies.dropped", DroppedByReason, "{message}", "Copies that did not reach their receiver, by reason");
        _meter.CreateObservableCounter("orleansmqtt.refused", RefusedByKind, "{refusal}", "What clients wanted and did not get, by the limit that stood against it");
        _meter.CreateObservableGauge("orleansmqtt.overload", () => Overload, "{level}", "How short memory is: 0, 1 (new connections are refused) or 2 (slow clients are disconnected)");
        Observe("orleansmqtt.bytes.received", "By", "Bytes read from clients", () => BytesReceived);
        Observe("orleansmqtt.bytes.sent", "By", "Bytes written to clients", () => BytesSent);
        Observe("orleansmqtt.connections.accepted", "{connection}", "Connections accepted", () => Accepted);
        Observe("orleansmqtt.connections.failed", "{connection}", "Connections that ended before their first packet: no TLS, no WebSocket, no PROXY header", () => NotOpened);
        _meter.CreateObservableGauge("orleansmqtt.certificate.remaining", RemainingOfCertificates, "s", "How long a listener's certificate holds");
        Observe("orleansmqtt.tolerated", "{breach}", "Breaches of the specification that a tolerant listener let pass", () => Tolerated);
        _meter.CreateObservableUpDownCounter("orleansmqtt.copies.waiting", () => Waiting, "{message}", "Copies waiting in queues and logs");
        _meter.CreateObservableUpDownCounter("orleansmqtt.connections.current", () => Connected, "{connection}", "Clients connected");
        _meter.CreateObservableUpDownCounter("orleansmqtt.subscriptions.current", () => Subscriptions, "{subscription}", "Subscriptions of connected clients");
        _meter.CreateObservableUpDownCounter("orleansmqtt.retained.current", () => Retained, "{message}", "Retained messages");
    }

    /// <summary>Told of copies that are dropped.</summary>
    internal delegate void DropHandler(DropReason reason, ReadOnlySpan<byte> topic, string? clientId, long count);

    /// <summary>Called with each count of dropped copies, with locks of the caller held: whoever is told takes no lock of others and does not wait.</summary>
    internal event DropHandler? CopiesDropped;

    /// <summary>PUBLISH packets accepted from clients.</summary>
    public long PublishesReceived => Volatile.Read(ref _publishesReceived);

    /// <summary>Publishes without a receiver.</summary>
    public long Unmatched => Volatile.Read(ref _unmatched);

    /// <summary>Copies made for receivers.</summary>
    public long Copies => Volatile.Read(ref _copies);

    /// <summary>Copies written to clients; a QoS 1 or 2 copy counts when it is first written.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Copies waiting in queues and logs.</summary>
    public long Waiting => Volatile.Read(ref _waiting);

    /// <summary>Bytes read from clients.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Bytes written to clients.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Clients connected.</summary>
    public long Connected => Volatile.Read(ref _connected);

    /// <summary>Most clients connected at once.</summary>
    public long MaximumConnected => Volatile.Read(ref _maximumConnected);

    /// <summary>Connections accepted since start.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that ended before their first packet, since start.</summary>
    public long NotOpened => Volatile.Read(ref _notOpened);

    /// <summary>Breaches let pass by tolerant listeners.</summary>
    public long Tolerated => Volatile.Read(ref _tolerated);

    /// <summary>Subscriptions of connected clients.</summary>
    public long Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Subscriptions that connected clients have begun since start.</summary>
    public long SubscriptionsBegun => Volatile.Read(ref _subscriptionsBegun);

    /// <summary>Retained messages.</summary>
    public long Retained => Volatile.Read(ref _retained);

    /// <summary>Copies dropped, all reasons together.</summary>
    public long TotalDropped => _dropped.Sum();

    /// <summary>Copies dropped for one reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>What was refused because of one limit.</summary>
    public long Refused(RefusalKind kind) => Volatile.Read(ref _refused[(int)kind]);

    /// <summary>How short memory is: 0, 1 (new connections are refused) or 2 (slow clients are disconnected).</summary>
    public long Overload
    {
        get => Volatile.Read(ref _overload);
        set => Volatile.Write(ref _overload, value);
    }

    /// <summary>Counts what one batch of packets from a client brought.</summary>
    public void CountReceived(long bytes, int publishes, int unmatched)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        if (publishes == 0) return;
        Interlocked.Add(ref _publishesReceived, publishes);
        if (unmatched != 0) Interlocked.Add(ref _unmatched, unmatched);
    }

    /// <summary>Counts publishes of which it has turned out that nobody was subscribed to them.</summary>
    public void CountUnmatched(int count = 1) => Interlocked.Add(ref _unmatched, count);

    /// <summary>Counts copies made, and those of them that were written at once.</summary>
    public void CountCopies(long created, long sent)
    {
        Interlocked.Add(ref _copies, created);
        if (sent != 0) Interlocked.Add(ref _sent, sent);
    }

    /// <summary>Counts copies that begin to wait (positive) or stop waiting (negative).</summary>
    public void CountWaiting(long change) => Interlocked.Add(ref _waiting, change);

    /// <summary>Counts bytes written to clients.</summary>
    public void CountBytesSent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);

    /// <summary>Counts dropped copies.</summary>
    /// <param name="reason">Why they are dropped.</param>
    /// <param name="topic">The topic of the first of them; empty where it is not known.</param>
    /// <param name="clientId">The client that was to get them; null for none in particular.</param>
    /// <param name="count">How many.</param>
    public void CountDropped(DropReason reason, ReadOnlySpan<byte> topic, string? clientId, long count = 1)
    {
        Interlocked.Add(ref _dropped[(int)reason], count);
        CopiesDropped?.Invoke(reason, topic, clientId, count);
    }

    /// <summary>Counts what was refused.</summary>
    public void CountRefused(RefusalKind kind, long count = 1) => Interlocked.Add(ref _refused[(int)kind], count);

    /// <summary>Counts a client that has connected (1) or gone (-1).</summary>
    public void CountConnected(int change)
    {
        var now = Interlocked.Add(ref _connected, change);
        for (var seen = MaximumConnected; now > seen; seen = MaximumConnected)
            if (Interlocked.CompareExchange(ref _maximumConnected, now, seen) == seen) break;
    }

    /// <summary>Counts an accepted connection.</summary>
    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>Counts a connection that ended before its first packet.</summary>
    public void CountNotOpened() => Interlocked.Increment(ref _notOpened);

    /// <summary>Tells from now on how long the certificates of a listener hold.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="remaining">Seconds by host name; "" is all other hosts.</param>
    public void ObserveCertificates(string listener, Func<IEnumerable<(string Host, double Seconds)>> remaining) => _certificates[listener] = remaining;

    /// <summary>Counts a breach that was let pass.</summary>
    public void CountTolerated() => Interlocked.Increment(ref _tolerated);

    /// <summary>Counts subscriptions of connected clients, made (positive) or ended (negative).</summary>
    public void CountSubscriptions(int change)
    {
        // In this order: no more have ended than begun.
        if (change > 0) Interlocked.Add(ref _subscriptionsBegun, change);
        Interlocked.Add(ref _subscriptions, change);
    }

    /// <summary>Counts retained messages, stored (positive) or removed (negative).</summary>
    public void CountRetained(int change) => Interlocked.Add(ref _retained, change);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Observe(string name, string unit, string description, Func<long> value) => _meter.CreateObservableCounter(name, value, unit, description);

    private IEnumerable<Measurement<double>> RemainingOfCertificates()
    {
        foreach (var (listener, remaining) in _certificates)
            foreach (var (host, seconds) in remaining())
                yield return new Measurement<double>(seconds, new("listener", listener), new("host", host));
    }

    private IEnumerable<Measurement<long>> DroppedByReason() => Tagged(_dropped, "reason", ReasonNames);

    private IEnumerable<Measurement<long>> RefusedByKind() => Tagged(_refused, "kind", KindNames);

    private static IEnumerable<Measurement<long>> Tagged(long[] counts, string tag, string[] names)
    {
        for (var i = 0; i < counts.Length; i++)
            yield return new Measurement<long>(Volatile.Read(ref counts[i]), new KeyValuePair<string, object?>(tag, names[i]));
    }
}
