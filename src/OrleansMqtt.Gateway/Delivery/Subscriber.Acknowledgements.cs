using OrleansMqtt.Diagnostics;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Delivery;

// What the client answers, and what the log of a persistent session sends.
internal sealed partial class Subscriber
{
    /// <summary>PUBACK, PUBREC or PUBCOMP has come. Inside a <see cref="DeliveryBatch"/>.</summary>
    public void Acknowledge(PacketType type, ushort packetId, ReasonCode reason)
    {
        lock (Outbox.Gate)
        {
            var state = _window.Find(packetId, out _, out var message);
            var failed = reason >= ReasonCode.UnspecifiedError;
            switch (type)
            {
                case PacketType.PubAck when state == InflightState.AwaitingPubAck:
                case PacketType.PubComp when state == InflightState.AwaitingPubComp:
                    Complete(packetId, message);
                    break;
                case PacketType.PubRec when state == InflightState.AwaitingPubRec && failed:
                    Complete(packetId, message); // [MQTT-4.4.0-2]: PUBREC with an error ends the exchange.
                    break;
                case PacketType.PubRec when state is InflightState.AwaitingPubRec or InflightState.AwaitingPubComp:
                    _window.Release(packetId, message with { Message = null });
                    Release(packetId, message.LogSequence);
                    break;
                case PacketType.PubRec when !failed:
                    WriteAcknowledgement(PacketType.PubRel, packetId, ReasonCode.PacketIdentifierNotFound);
                    break;
            }
            SendQueued();
        }
    }

    // Once PUBREL is out, the message must never be sent again [MQTT-4.3.3-1 of 3.1.1], whatever process dies: so it is recorded first.
    private void Release(ushort packetId, long logSequence)
    {
        if (logSequence < 0) WriteAcknowledgement(PacketType.PubRel, packetId);
        else Operated?.Invoke(new SessionOperation(SessionOperationKind.Received, logSequence), failure =>
        {
            OnRecorded(failure);
            if (failure is not null) return;
            using var batch = DeliveryBatch.Begin();
            WriteAcknowledgement(PacketType.PubRel, packetId);
        });
    }

    private void OnRecorded(Exception? failure)
    {
        if (failure is not null) Unrecorded?.Invoke();
    }

    /// <summary>Sends what the session's log has for the client. Inside a <see cref="DeliveryBatch"/>. False when the client is gone.</summary>
    public bool Push(IReadOnlyList<SessionDelivery> deliveries, long now)
    {
        lock (Outbox.Gate)
        {
            if (!_open) return false;
            foreach (var delivery in deliveries)
            {
                // The session pushes by position, and again what it had no answer for.
                if (delivery.Entry.Sequence <= _pushedThrough) continue;
                Push(delivery, now);
                _pushedThrough = delivery.Entry.Sequence;
            }
            return true;
        }
    }

    private void Push(SessionDelivery delivery, long now)
    {
        var entry = delivery.Entry;
        if (entry.Message.Retain) _live?.Add(entry.Message.Topic);
        if (delivery.Released)
        {
            var released = _window.Add(entry.Sequence, InflightState.AwaitingPubComp, new InflightMessage(null, null, entry.Sequence));
            WriteAcknowledgement(PacketType.PubRel, released);
            return;
        }
        var state = entry.QoS == QualityOfService.AtLeastOnce ? InflightState.AwaitingPubAck : InflightState.AwaitingPubRec;
        var packetId = PacketIdentifiers.Of(entry.Sequence);
        var fanout = new Fanout(new PublishView(entry.Message), now);
        var identifiers = entry.SubscriptionIdentifiers.IsDefaultOrEmpty ? [] : entry.SubscriptionIdentifiers.ToArray();
        if (MayReceive(entry.Message) && Write(ref fanout, packetId, entry.QoS, entry.Retain, identifiers, delivery.Duplicate))
        {
            _window.Add(entry.Sequence, state, new InflightMessage(null, null, entry.Sequence));
            // The session has counted the copy when it took it into its log.
            if (!delivery.Duplicate) _metrics.CountCopies(0, 1);
        }
        else
        {
            // The session has counted a fresh copy already. One that an earlier connection sent is accounted for: this is another.
            if (!delivery.Duplicate) _metrics.CountCopies(-1, 0);
            Operated?.Invoke(new SessionOperation(SessionOperationKind.Completed, entry.Sequence), OnRecorded);
            CompletedCount++;
            SignalRoom();
        }
    }

    private bool MayReceive(Message message) => Permissions?.MayReceive(message.Topic) != false || Drop(DropReason.NotAuthorized, message.Topic);

    private void Complete(ushort packetId, InflightMessage message)
    {
        _window.Remove(packetId);
        if (message.LogSequence >= 0) Operated?.Invoke(new SessionOperation(SessionOperationKind.Completed, message.LogSequence), OnRecorded);
        CompletedCount++;
    }

    /// <summary>QoS 1 and 2 messages that the client has acknowledged to the end so far, or that were too large for it.</summary>
    public long CompletedCount { get; private set; }

    private void SendQueued()
    {
        while (_queue is { Count: > 0 } queue && CanSend && _open)
        {
            var next = queue.Dequeue();
            _queuedBytes -= next.Message.Size;
            _metrics.CountWaiting(-1);
            _metrics.CountCopies(-1, 0);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            if (next.Message.HasExpired(now))
            {
                Drop(DropReason.Expired, next.Message.Topic);
                continue;
            }
            if (!MayReceive(next.Message)) continue;
            var fanout = new Fanout(new PublishView(next.Message), now);
            Send(ref fanout, next.QoS, next.Retain, next.Identifiers, next.Group);
        }
        SignalRoom();
    }

    private void OnDrained()
    {
        using var batch = DeliveryBatch.Begin();
        lock (Outbox.Gate) SendQueued();
    }

    private bool HasRoom => (_queue?.Count ?? 0) <= 256 && Outbox.PendingBytes <= Math.Min(Limits.MaxOutboxBytes / 2, 256 * 1024);

    /// <summary>Whether the client is gone.</summary>
    public bool IsClosed
    {
        get { lock (Outbox.Gate) return _closed; }
    }

    /// <summary>Completes when the client's queue and outbox are short, or the client is gone.</summary>
    public Task WaitForRoomAsync()
    {
        lock (Outbox.Gate)
        {
            if (_closed || HasRoom) return Task.CompletedTask;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when the client is done with <paramref name="count"/> messages in all, or is gone.</summary>
    public async Task WaitForCompletedAsync(long count)
    {
        while (true)
        {
            Task acknowledged;
            lock (Outbox.Gate)
            {
                if (_closed || CompletedCount >= count) return;
                acknowledged = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await acknowledged;
        }
    }

    private void SignalRoom()
    {
        if (_room is null || !(HasRoom || _closed)) return;
        _room.SetResult();
        _room = null;
    }

    /// <summary>Retained messages are about to be read for the client: topics delivered live are noted from now on.</summary>
    public void BeginFeed()
    {
        lock (Outbox.Gate) (_live ??= new LiveTopics()).Feeds++;
    }

    /// <summary>One feed of retained messages is over.</summary>
    public void EndFeed()
    {
        lock (Outbox.Gate)
            if (--_live!.Feeds == 0) _live = null;
    }

    /// <summary>A retained message of the topic is on its way to the client through its session's log.</summary>
    public void NoteLive(ReadOnlySpan<byte> topic)
    {
        lock (Outbox.Gate) _live?.Add(topic);
    }

    /// <summary>
    /// Hands over a retained copy unless a newer message of its topic has gone live since the feed began. Nothing of the topic can go live
    /// in between: whoever routes it must pass the gate first.
    /// </summary>
    public void DeliverRetained(Message message, Action<Message> deliver)
    {
        lock (Outbox.Gate)
            if (_live?.Contains(message.Topic) != true) deliver(message);
    }

    /// <summary>
    /// The client is gone: nothing is sent any more. What waited is dropped and counted; messages of shared groups that it did not
    /// acknowledge come back, in order, except QoS 2 in flight [MQTT-4.8.2-4], [MQTT-4.8.2-5].
    /// </summary>
    public IReadOnlyList<(SharedGroupKey Group, Message Message)> Close()
    {
        lock (Outbox.Gate)
        {
            if (_closed) return [];
            (_closed, _open) = (true, false);
            List<(SharedGroupKey, Message)>? returned = null;
            foreach (var (_, state, value) in _window.Entries())
                if (state == InflightState.AwaitingPubAck && value is { Group: { } group, Message: { } message }) (returned ??= []).Add((group, message));
            while (_queue is { Count: > 0 })
            {
                var waiting = _queue.Dequeue();
                _metrics.CountWaiting(-1);
                if (waiting.Group is { } group)
                {
                    _metrics.CountCopies(-1, 0);
                    (returned ??= []).Add((group, waiting.Message));
                }
                else
                {
                    _metrics.CountDropped(DropReason.SessionEnded, waiting.Message.Topic, ClientId);
                }
            }
            _queue = null;
            SignalRoom();
            return returned ?? [];
        }
    }
}
