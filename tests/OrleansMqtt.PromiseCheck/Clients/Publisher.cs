using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Sessions;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>
/// A publisher of QoS 1 or 2 messages, retained or not. Ready once each topic has had an acknowledged message. With a retained plan and a
/// window of 1 it is the writer of a register; at QoS 1 such a writer must not be persistent, because a repetition of an unacknowledged
/// write may legitimately be applied a second time, over a later write of another client.
/// </summary>
internal sealed class Publisher(Surroundings surroundings, PublisherPlan plan) : PersistentClient(surroundings, plan.ClientId)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(plan.Seed);
    private readonly PublisherSession _session = new(plan.Window);
    private readonly long[] _sequences = new long[plan.Topics.Count];
    private readonly HashSet<string> _topicsDone = [];
    private double _due;
    private int _first;
    private volatile bool _isIdle;

    /// <summary>Whether it publishes no more, and all it published is acknowledged.</summary>
    public bool IsIdle => _isIdle;

    /// <inheritdoc/>
    protected override bool IsPersistent => plan.IsPersistent;

    /// <inheritdoc/>
    protected override async Task ConverseAsync(Link link, ConnAckPacket connAck, CancellationToken stop)
    {
        if (connAck.MaximumQoS < plan.QoS || (plan.Retain && connAck.RetainAvailable == false))
        {
            Surroundings.Stage.Fail($"The broker does not take QoS {(int)plan.QoS}, or no retained messages.");
            await PauseAsync(Patience, stop);
            return;
        }

        Begin(connAck);
        while (true)
        {
            while (_session.NextToRepeat() is { } message) await RepeatAsync(link, message, stop);
            var now = Surroundings.History.Now;
            while (Surroundings.Stage.IsWorking && _session.HasRoom && _due <= now) await PublishAsync(link, now, stop);
            _isIdle = !Surroundings.Stage.IsWorking && _session.IsEmpty;
            var isFree = _session.HasRoom && Surroundings.Stage.IsWorking;
            var wait = isFree ? TimeSpan.FromSeconds(Math.Clamp(_due - now, 0.001, IdleWait.TotalSeconds)) : IdleWait;
            if (await NextAsync(link, wait, stop) is not { } reading) return;
            if (reading.Packet is AcknowledgementPacket { Type: not PacketType.PubRel } packet) await TakeAsync(link, packet, stop);
            else if (reading.State == LinkState.Packet) RecordMalformed($"{reading.Packet!.Type} came to a publisher.");
        }
    }

    private void Begin(ConnAckPacket connAck)
    {
        var receiveMaximum = connAck.ReceiveMaximum ?? ushort.MaxValue;
        if (plan.IsPersistent && connAck.SessionPresent)
        {
            _session.Resume(receiveMaximum);
            return;
        }

        foreach (var message in _session.Lose(receiveMaximum)) Record(Event(EventKind.Abandoned, message));
    }

    private async Task RepeatAsync(Link link, OutboundMessage message, CancellationToken stop)
    {
        var packet = message.Repetition();
        if (packet is PublishPacket) Record(Event(EventKind.Resent, message));
        await link.SendAsync(packet, stop);
    }

    private async Task PublishAsync(Link link, double now, CancellationToken stop)
    {
        var index = _first < plan.Topics.Count ? _first++ : _random.Next(plan.Topics.Count);
        var value = MessageText.Of($"{plan.Name}/{index}", ++_sequences[index]);
        var message = _session.Start(plan.Topics[index], plan.QoS, plan.Retain, MessageText.Write(value, plan.Size), value);

        // Uneven gaps, so that kills meet every step; and no catching up, so that a restart is not followed by a burst.
        _due = Math.Max(_due + (2 * _random.NextDouble() / plan.Rate), now);
        Record(Event(EventKind.Published, message));
        await link.SendAsync(message.Packet, stop);
    }

    private async Task TakeAsync(Link link, AcknowledgementPacket packet, CancellationToken stop)
    {
        var step = _session.Acknowledge(packet);
        var kind = step.Effect switch
        {
            AcknowledgementEffect.Acknowledged => EventKind.Acknowledged,
            AcknowledgementEffect.Rejected => EventKind.Rejected,
            AcknowledgementEffect.Completed => EventKind.Completed,
            AcknowledgementEffect.Violation => EventKind.Malformed,
            _ => (EventKind?)null,
        };
        if (kind is { } known)
        {
            Record(Event(known, step.Message!) with
            {
                Reason = known == EventKind.Malformed ? $"{packet.Type} is not what the message waits for." : packet.ReasonCode.ToString(),
            });
        }

        if (step.Reply is not null) await link.SendAsync(step.Reply, stop);
        if (step.Effect is AcknowledgementEffect.Completed or AcknowledgementEffect.Acknowledged &&
            _topicsDone.Add(step.Message!.Packet.Topic) && _topicsDone.Count == plan.Topics.Count)
        {
            SetReady();
        }
    }

    private static HistoryEvent Event(EventKind kind, OutboundMessage message) => new()
    {
        Kind = kind,
        Topic = message.Packet.Topic,
        Value = message.Value,
        QoS = (int)message.Packet.QoS,
        PacketId = message.Packet.PacketId,
        Retain = message.Packet.Retain ? true : null,
    };
}
