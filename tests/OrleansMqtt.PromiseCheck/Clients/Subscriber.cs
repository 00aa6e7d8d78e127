using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Sessions;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>A persistent subscriber. Ready once its subscriptions are granted.</summary>
internal sealed class Subscriber(Surroundings surroundings, SubscriberPlan plan) : PersistentClient(surroundings, plan.ClientId)
{
    private const ushort RequestIdentifier = 1;
    private const double LongestStay = 4;
    private const double LongestAbsence = 2;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(plan.Seed);
    private readonly ReceiverSession _session = new();
    private bool _isSubscribed;
    private bool _isLeaving;

    /// <inheritdoc/>
    protected override async Task ConverseAsync(Link link, ConnAckPacket connAck, CancellationToken stop)
    {
        if (!connAck.SessionPresent) _session.Lose();
        if (!connAck.SessionPresent || !_isSubscribed) await SubscribeAsync(link, stop);
        var leaveAt = plan.IsLeaver ? Surroundings.History.Now + (_random.NextDouble() * LongestStay) : double.PositiveInfinity;
        while (true)
        {
            if (Surroundings.History.Now >= leaveAt && _isSubscribed && Surroundings.Stage.IsWorking)
            {
                await LeaveAsync(link, stop);
                return;
            }

            if (await NextAsync(link, IdleWait, stop) is not { } reading) return;
            switch (reading.Packet)
            {
                case null:
                    break;
                case PublishPacket publish:
                    await TakeAsync(link, publish, stop);
                    break;
                case AcknowledgementPacket { Type: PacketType.PubRel } release:
                    Record(new HistoryEvent { Kind = EventKind.Released, PacketId = release.PacketId });
                    await link.SendAsync(_session.Release(release.PacketId), stop);
                    break;
                case SubAckPacket subAck:
                    TakeGrant(subAck);
                    break;
                default:
                    RecordMalformed($"{reading.Packet.Type} came to a subscriber.");
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task StayAwayAsync(CancellationToken stop)
    {
        if (!_isLeaving) return;
        _isLeaving = false;
        await PauseAsync(TimeSpan.FromSeconds(_random.NextDouble() * LongestAbsence), stop);
    }

    private async Task SubscribeAsync(Link link, CancellationToken stop)
    {
        _isSubscribed = false;
        var subscriptions = plan.Filters.Select(filter => new Subscription { Filter = filter, MaximumQoS = plan.QoS });
        await link.SendAsync(new SubscribePacket { PacketId = RequestIdentifier, Subscriptions = [.. subscriptions] }, stop);
    }

    private void TakeGrant(SubAckPacket packet)
    {
        if (packet.PacketId != RequestIdentifier || packet.ReasonCodes.Count != plan.Filters.Count)
        {
            RecordMalformed("SUBACK does not fit the request.");
            return;
        }

        if (packet.ReasonCodes.Any(code => (int)code != (int)plan.QoS))
        {
            Surroundings.Stage.Fail($"The broker does not grant QoS {(int)plan.QoS} to {ClientId}: {string.Join(", ", packet.ReasonCodes)}.");
            return;
        }

        foreach (var filter in plan.Filters) Record(new HistoryEvent { Kind = EventKind.Subscribed, Topic = filter, QoS = (int)plan.QoS });
        _isSubscribed = true;
        SetReady();
    }

    private async Task TakeAsync(Link link, PublishPacket packet, CancellationToken stop)
    {
        var reply = _session.Receive(packet, out var isNew);
        Record(new HistoryEvent
        {
            Kind = isNew ? EventKind.Received : EventKind.Suppressed,
            Topic = packet.Topic,
            Value = MessageText.Read(packet.Payload.Span),
            QoS = (int)packet.QoS,
            PacketId = packet.PacketId,
            Duplicate = packet.Duplicate ? true : null,
            Retain = packet.Retain ? true : null,
        });
        if (reply is not null) await link.SendAsync(reply, stop);
    }

    private async Task LeaveAsync(Link link, CancellationToken stop)
    {
        _isLeaving = true;
        if (_random.Next(2) == 0) Record(new HistoryEvent { Kind = EventKind.Dropped });
        else await DisconnectAsync(link, stop);
    }
}
