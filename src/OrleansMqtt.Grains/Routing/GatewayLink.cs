using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

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
internal sealed partial class GatewayLink(string gateway, GatewayLinks links) : IBatched
{
    private const long DroppingBytes = 64L << 20;
    private readonly Lock _lock = new();
    private readonly LinkQueue _waiting = new();
    private IGatewayEndpoint? _endpoint;
    private bool _running, _retired, _failing;

    /// <summary>Name of the gateway.</summary>
    public string Gateway => gateway;

    /// <summary>
    /// Sends a publish to every client with a matching subscription. <paramref name="waiter"/> gets the gateway's answer, on another stack: how many clients it matched; 0 when the
    /// gateway is gone. When it is not taken it is not told.
    /// </summary>
    public LinkState TryAdd(ref PublishView publish, IRouteWaiter waiter, int index)
    {
        var entry = new LinkEntry(waiter, index, publish.QoS == QualityOfService.AtMostOnce);
        lock (_lock)
        {
            if (Refuses(entry) is { } state) return state;
            if (publish is { Identity: null, IsLate: false }) _waiting.Add(in publish, entry);
            else _waiting.Add(new GatewayDelivery(publish.ToMessage()), entry);
            if (_running) return LinkState.Taken;
            _running = true;
        }
        Queue();
        return LinkState.Taken;
    }

    /// <summary>Sends a message to a member of a shared group: 1 when that has taken it.</summary>
    /// <inheritdoc cref="TryAdd(ref PublishView, IRouteWaiter, int)"/>
    public LinkState TryAdd(in GatewayDelivery delivery, IRouteWaiter waiter, int index)
    {
        var entry = new LinkEntry(waiter, index, delivery.Member is { } member && (!member.MayWait || member.QoS == QualityOfService.AtMostOnce));
        lock (_lock)
        {
            if (Refuses(entry) is { } state) return state;
            _waiting.Add(delivery, entry);
            if (_running) return LinkState.Taken;
            _running = true;
        }
        Queue();
        return LinkState.Taken;
    }

    private LinkState? Refuses(in LinkEntry entry) =>
        _retired ? LinkState.Retired : entry.MayBeDropped && (_failing || _waiting.Bytes > DroppingBytes) ? LinkState.Stuck : null;

    // Away from the routing: what it has for this gateway besides goes with it.
    private void Queue()
    {
        if (!DeliveryBatch.TryAdd(this)) _ = Task.Run(RunAsync);
    }

    /// <summary>Sends what has gathered, on this thread.</summary>
    public void Flush() => _ = RunAsync();

    private async Task RunAsync()
    {
        while (TryTake() is { } block)
        {
            var answers = await DeliverAsync(block).ConfigureAwait(false);
            AnswerAll(block, answers);
        }
        links.Remove(this);
    }

    // What answers lead to goes together: what it writes to one client of this process leaves as one.
    private void AnswerAll(LinkBlock block, ImmutableArray<int> answers)
    {
        using var batch = DeliveryBatch.Begin();
        for (var i = 0; i < block.Entries.Count; i++) Answer(block.Entries[i], i < answers.Length ? answers[i] : 0);
    }

    private LinkBlock? TryTake()
    {
        lock (_lock)
        {
            var block = _waiting.Take();
            (_running, _retired) = (block is not null, block is null);
            return block;
        }
    }

    private async Task<ImmutableArray<int>> DeliverAsync(LinkBlock block)
    {
        var call = new GatewayCall(links.Router, links.NextCall(), block.Publishes, block.Others);
        for (var pause = BackOff.First; ; pause = BackOff.After(pause))
        {
            try
            {
                _endpoint ??= await links.Directory.FindAsync(gateway).ConfigureAwait(false);
                var answers = _endpoint is null ? [] : await DeliverAsync(_endpoint, call).ConfigureAwait(false);
                lock (_lock) _failing = false;
                return answers;
            }
#pragma warning disable CA1031 // Whatever failed, it is not known what the gateway has: it is asked again until it is known to be gone.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(links.Logger, exception, gateway, block.Entries.Count);
            }
            _endpoint = null;
            LetGo();
            await Task.Delay(pause, links.Time).ConfigureAwait(false);
        }
    }

    // One that hangs answers nothing, and the call would wait for its time-out when the gateway has long been known to be gone.
    private async Task<ImmutableArray<int>> DeliverAsync(IGatewayEndpoint endpoint, GatewayCall call)
    {
        var answered = endpoint.DeliverAsync(call).AsTask();
        if (!answered.IsCompleted) await Task.WhenAny(answered, links.Directory.WhenMissing(gateway)).ConfigureAwait(false);
        return answered.IsCompleted ? await answered.ConfigureAwait(false) : throw new SiloUnavailableException($"Gateway {gateway} went away before it answered.");
    }

    // The gateway does not answer: what has not been sent and need not wait for it goes its way.
    private void LetGo()
    {
        List<(LinkEntry Entry, bool ForMember)> released;
        lock (_lock)
        {
            _failing = true;
            released = _waiting.Release();
        }
        foreach (var (entry, forMember) in released)
        {
            if (!forMember) links.CountDropped();
            Answer(entry, forMember ? 0 : 1);
        }
    }

    private void Answer(in LinkEntry entry, int answer)
    {
        try
        {
            entry.Waiter.OnFound(entry.Index, answer);
        }
#pragma warning disable CA1031 // A defect of whoever sent this one must not keep the others from their answers.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogCallbackFailed(links.Logger, exception, gateway);
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
