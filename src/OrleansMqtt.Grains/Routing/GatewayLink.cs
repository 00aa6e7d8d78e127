using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// The way from this silo's router to one other gateway: messages in order, in batches, one call in flight. A call that fails is repeated, unchanged, until the gateway answers it
/// or the directory says that the gateway is gone for good.
/// </summary>
/// <remarks>
/// <para>
/// What waits here is bounded by those who wait for it: a publisher is told, and a lane gets room again, when the gateway has answered. That holds for QoS 0 too, as long
/// as the gateway answers; while it does not, nobody waits for it with a message that may be lost: QoS 0 is dropped and counted, and a message of a shared group
/// goes to another member, unless all members are asked to take it into their queues.
/// </para>
/// <para>Nothing is left out between two messages that are sent, other than QoS 0: that is what lets the gateway recognize repeats by one number per lane.</para>
/// </remarks>
/// <param name="gateway">Name of the gateway.</param>
/// <param name="links">What all links of the router share.</param>
internal sealed partial class GatewayLink(string gateway, GatewayLinks links)
{
    private const int MaximumCount = 2048;
    private const int MaximumBytes = 1 << 20;
    private const long DroppingBytes = 64L << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private Queue<Entry> _waiting = new();
    private IGatewayEndpoint? _endpoint;
    private long _waitingBytes;
    private bool _running, _retired, _failing;

    // Those of lanes that are for every client: the same one comes again with each router that takes its lane over, and joins the one that waits.
    private readonly Dictionary<(long Lane, long Number), Entry> _stamped = [];

    private sealed class Entry(GatewayDelivery delivery, Action<int> answered)
    {
        public GatewayDelivery Delivery => delivery;

        public Action<int> Answered { get; set; } = answered;

        public bool MayBeDropped => delivery.Member is { } member ? !member.MayWait || member.QoS == QualityOfService.AtMostOnce : delivery.Message.QoS == QualityOfService.AtMostOnce;

        public long Size => delivery.Message.Size + 128;
    }

    /// <summary>Name of the gateway.</summary>
    public string Gateway => gateway;

    /// <summary>
    /// Sends a message. <paramref name="answered"/> gets the gateway's answer, on another stack: how many clients it matched; 0 when the gateway is gone. When it is not taken
    /// it is not called.
    /// </summary>
    public LinkState TryAdd(in GatewayDelivery delivery, Action<int> answered)
    {
        var entry = new Entry(delivery, answered);
        lock (_lock)
        {
            if (_retired) return LinkState.Retired;
            if (entry.MayBeDropped && (_failing || _waitingBytes > DroppingBytes)) return LinkState.Stuck;
            if (TryJoin(entry)) return LinkState.Taken;
            _waiting.Enqueue(entry);
            _waitingBytes += entry.Size;
            if (_running) return LinkState.Taken;
            _running = true;
        }
        // Away from the routing thread: what it has for this gateway besides goes with it.
        _ = Task.Run(RunAsync);
        return LinkState.Taken;
    }

    private bool TryJoin(Entry entry)
    {
        if (entry.Delivery is not { Member: null, Message.Stamp: { } stamp }) return false;
        if (_stamped.TryAdd((stamp.Lane, stamp.Number), entry)) return false;
        _stamped[(stamp.Lane, stamp.Number)].Answered += entry.Answered;
        return true;
    }

    private void Leave(Entry entry)
    {
        _waitingBytes -= entry.Size;
        if (entry.Delivery is { Member: null, Message.Stamp: { } stamp }) _stamped.Remove((stamp.Lane, stamp.Number));
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>();
        while (TryTake(batch))
        {
            var answers = await DeliverAsync([.. batch.Select(static entry => entry.Delivery)]);
            links.Together(() =>
            {
                for (var i = 0; i < batch.Count; i++) Answer(batch[i], i < answers.Length ? answers[i] : 0);
            });
            batch.Clear();
        }
        links.Remove(this);
    }

    private bool TryTake(List<Entry> batch)
    {
        lock (_lock)
        {
            long bytes = 0;
            while (batch.Count < MaximumCount && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Size <= MaximumBytes))
            {
                batch.Add(_waiting.Dequeue());
                bytes += next.Size;
                Leave(next);
            }
            _running = batch.Count > 0;
            _retired = !_running;
            return _running;
        }
    }

    private async Task<ImmutableArray<int>> DeliverAsync(ImmutableArray<GatewayDelivery> deliveries)
    {
        var call = new GatewayCall(links.Router, links.NextCall(), deliveries);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                _endpoint ??= await links.Directory.FindAsync(gateway);
                var answers = _endpoint is null ? [] : await _endpoint.DeliverAsync(call);
                lock (_lock) _failing = false;
                return answers;
            }
#pragma warning disable CA1031 // Whatever failed, it is not known what the gateway has: it is asked again until it is known to be gone.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(links.Logger, exception, gateway, deliveries.Length);
            }
            _endpoint = null;
            LetGo();
            await Task.Delay(pause, links.Time);
        }
    }

    // The gateway does not answer: what has not been sent and need not wait for it goes its way.
    private void LetGo()
    {
        List<Entry> released = [];
        lock (_lock)
        {
            _failing = true;
            var kept = new Queue<Entry>();
            foreach (var entry in _waiting)
            {
                if (!entry.MayBeDropped) kept.Enqueue(entry);
                else released.Add(entry);
            }
            released.ForEach(Leave);
            _waiting = kept;
        }
        foreach (var entry in released)
        {
            if (entry.Delivery.Member is null) links.CountDropped();
            Answer(entry, entry.Delivery.Member is null ? 1 : 0);
        }
    }

    private void Answer(Entry entry, int answer)
    {
        foreach (var answered in Delegate.EnumerateInvocationList(entry.Answered))
        {
            try
            {
                answered(answer);
            }
#pragma warning disable CA1031 // A defect of whoever sent this one must not keep the others from their answers.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogCallbackFailed(links.Logger, exception, gateway);
            }
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "Gateway {Gateway} did not answer to {Count} messages; they are sent again until it does or is gone.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string gateway, int count);

    [LoggerMessage(21, LogLevel.Error, "What was to be done after an answer of gateway {Gateway} failed.")]
    private static partial void LogCallbackFailed(ILogger logger, Exception exception, string gateway);
}

/// <summary>What a link has done with a message.</summary>
internal enum LinkState
{
    /// <summary>It is on its way.</summary>
    Taken,

    /// <summary>Not taken: the gateway does not answer at present, and the message is one that does not wait for that.</summary>
    Stuck,

    /// <summary>Not taken: the link has run dry, and another one takes its place.</summary>
    Retired,
}
