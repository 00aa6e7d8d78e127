using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Handlers;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Gateway.Publishing;

/// <summary>
/// What one client publishes: routed on the reading thread, acknowledged when every receiver has it. QoS 2 of a persistent session is kept
/// by the session under its packet identifier until PUBREL; of a clean session only the identifier is, here [MQTT-4.3.3-10].
/// </summary>
internal sealed partial class PublishReceiver : IPublishStreams
{
    // Properties of the message in hand that are not passed on as they came; used up before the next message is read.
    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly ClientConnection _connection;
    private readonly GatewayContext _context;
    private readonly SessionChannel? _session;
    // Null where publishes are routed in this process.
    private readonly Lane? _lane;
    private readonly AcknowledgementQueue _acknowledgements;
    private PublishStream _stream = new();
    // The two tables change on the reading thread and when a store has answered.
    private readonly Lock _lock = new();
    private readonly Dictionary<ushort, StoredPublish>? _stored;
    // Their numbers: the lowest one is the floor of what this session may still publish.
    private readonly SortedSet<MessageNumber>? _numbers;
    private MessageNumber _floor;
    private HashSet<ushort>? _received;
    private long _count, _retained;
    private int _publishes, _unmatched;
    private long _storedBytes;
    private int _releasing;
    private TaskCompletionSource? _released;

    private sealed class StoredPublish(Message message)
    {
        public Message Message { get; } = message;

        public bool IsReleased { get; set; }
    }

    public PublishReceiver(ClientConnection connection, GatewayContext context, SessionChannel? session = null, ImmutableArray<InboundMessage> inbound = default)
    {
        (_connection, _context, _session, _permissions) = (connection, context, session, connection.Permissions);
        _acknowledgements = new AcknowledgementQueue(Acknowledge);
        _lane = context.Lanes?.LaneOf(connection.ClientId);
        if (session is null) return;
        (_stored, _numbers) = ([], []);
        foreach (var message in inbound) Keep(message.PacketId, message.Message);
    }

    /// <summary>Completes when no message that the client has released is still on its way to its receivers or out of the session's store.</summary>
    public Task WhenReleasedAsync()
    {
        lock (_lock) return _releasing == 0 ? Task.CompletedTask : (_released ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Whether the client may go on, or is so far ahead of its receivers that it is read no further.</summary>
    public bool HasRoom => _acknowledgements.Count < _context.Limits.ReceiveMaximum && _lane?.HasRoom != false;

    /// <summary>Completes when the client may go on, or is closed because nobody takes what it publishes.</summary>
    public async Task WaitForRoomAsync()
    {
        await _acknowledgements.WaitAsync(_context.Limits.ReceiveMaximum / 2);
        if (_lane is not null && !await _lane.WaitForRoomAsync()) CloseWithoutSilo();
    }

    /// <summary>Completes when everything that was read from the client is with its receivers, or has failed.</summary>
    public Task WhenRoutedAsync() => _lane?.DrainAsync() ?? Task.CompletedTask;

    /// <summary>Takes one PUBLISH. Inside a delivery batch.</summary>
    public ProtocolError? Receive(in PublishFrame frame)
    {
        _publishes++;
        if (frame.QoS != QualityOfService.AtMostOnce && Knows(frame.PacketId))
        {
            // PUBACK of 3.x can only say that the message was taken, which it is not.
            if (frame.QoS == QualityOfService.AtLeastOnce && _connection.Version != ProtocolVersion.V50)
                return new ProtocolError(ReasonCode.PacketIdentifierInUse, $"packet identifier {frame.PacketId} is in use by a QoS 2 message");
            // The first one is still unreleased; this repeat must not be published again, nor count towards the Receive Maximum.
            _connection.PublishAcknowledged();
            if (frame.QoS == QualityOfService.ExactlyOnce) AcknowledgeRepeat(frame.PacketId);
            else _acknowledgements.AddReady(PacketType.PubAck, frame.PacketId, ReasonCode.PacketIdentifierInUse);
            return null;
        }
        // The broker's own topics are not for clients to write (MQTT 5.0 section 4.7.2).
        if (OwnTopics.Has(frame.Topic))
        {
            Acknowledge(frame.QoS, frame.PacketId, ReasonCode.NotAuthorized);
            return null;
        }
        if (_connection.Examine(in frame) is { } refusal) return Refuse(in frame, refusal);
        if (_permissions is not null && !MayPublish(in frame)) return null;
        var view = ViewOf(in frame);
        return Take(ref view, frame.PacketId);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PublishView ViewOf(in PublishFrame frame) => new()
    {
        Topic = frame.Topic,
        Properties = frame.ForwardsWholeSection ? frame.Properties : CutProperties(in frame),
        Payload = frame.Payload,
        QoS = frame.QoS,
        Retain = frame.Retain,
        Publisher = _connection.ClientId,
        Streams = this,
        Order = frame.Retain ? NextOrder() : null,
        ExpiresAt = frame.HasMessageExpiry ? _context.Now + frame.MessageExpiryInterval * 1000L : Message.Never,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ProtocolError? Take(ref PublishView view, ushort packetId)
    {
        switch (view.QoS)
        {
            case QualityOfService.ExactlyOnce when _session is not null:
                return StoreNew(packetId, Number(view.ToMessage()));
            case QualityOfService.ExactlyOnce:
                lock (_lock) (_received ??= []).Add(packetId);
                Route(ref view, PacketType.PubRec, packetId);
                break;
            case QualityOfService.AtLeastOnce:
                Route(ref view, PacketType.PubAck, packetId);
                break;
            default:
                Route(ref view, 0, 0);
                break;
        }
        return null;
    }

    /// <summary>PUBREL has come. Inside a delivery batch.</summary>
    public void Release(ushort packetId)
    {
        StoredPublish? stored = null;
        bool received;
        lock (_lock)
        {
            received = _received?.Remove(packetId) == true;
            if (!received && _stored?.TryGetValue(packetId, out stored) == true)
            {
                // A repeated PUBREL: the first one's PUBCOMP is on its way.
                if (stored.IsReleased) return;
                stored.IsReleased = true;
                _releasing++;
            }
        }
        if (received) Complete(packetId);
        else if (stored is not null) Publish(packetId, stored.Message);
        else _connection.Subscriber!.WriteAcknowledgement(PacketType.PubComp, packetId, ReasonCode.PacketIdentifierNotFound);
    }

    /// <summary>Reports what one batch of packets brought to the metrics.</summary>
    public void CountBatch(long bytes)
    {
        _context.Metrics.CountReceived(bytes, _publishes, _unmatched);
        (_publishes, _unmatched) = (0, 0);
    }

    private static ReadOnlySpan<byte> CutProperties(in PublishFrame frame)
    {
        if (_scratch is null || _scratch.Length < frame.ForwardedPropertiesLength) _scratch = new byte[Math.Max(256, frame.ForwardedPropertiesLength)];
        frame.CopyForwardedProperties(_scratch);
        return _scratch.AsSpan(0, frame.ForwardedPropertiesLength);
    }

    private bool Knows(ushort packetId)
    {
        if (_received is null && _stored is null) return false;
        lock (_lock) return _received?.Contains(packetId) == true || _stored?.ContainsKey(packetId) == true;
    }

    PublishStream IPublishStreams.StreamOf(string publisher) => _stream;

    private void Route(ref PublishView view, PacketType type, ushort packetId)
    {
        // The client has been told of everything that failed, and what it sends now is behind that.
        if (_stream.Failure is not null && _acknowledgements.Count == 0) _stream = new PublishStream();
        var result = _lane is null ? _context.Router.Route(ref view) : _lane.Route(ref view);
        if (result.Pending is not { } pending)
        {
            if (result.Receivers == 0) _unmatched++;
            if (type != 0) _acknowledgements.AddReady(type, packetId, ReasonOf(result.Receivers));
            return;
        }
        var entry = _acknowledgements.Add(type, packetId);
        pending.OnCompleted(_ => _acknowledgements.Complete(entry, pending.Failure is null ? Succeeded(result) : Failed(pending.Failure, type, packetId)), null);
    }

    private static ReasonCode ReasonOf(int receivers) => receivers == 0 ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success;

    // Who is found in other processes is known only now.
    private ReasonCode Succeeded(RouteResult result)
    {
        if (result.Total == 0) _context.Metrics.CountUnmatched();
        return ReasonOf(result.Total);
    }

    // Bounded as what waits for a session is: a client that never releases fills no store.
    private ProtocolError? StoreNew(ushort packetId, Message message)
    {
        var limits = _context.Limits.Session;
        bool fits;
        lock (_lock)
        {
            fits = _stored!.Count < limits.MaxQueuedMessages && _storedBytes + message.Size <= limits.MaxQueuedBytes;
            if (fits)
            {
                Keep(packetId, message);
            }
        }
        if (fits) Store(packetId, message);
        else if (_connection.Version != ProtocolVersion.V50) return new ProtocolError(ReasonCode.QuotaExceeded, "too many QoS 2 messages that it has not released");
        else Acknowledge(QualityOfService.ExactlyOnce, packetId, ReasonCode.QuotaExceeded);
        return null;
    }

    private void Store(ushort packetId, Message message)
    {
        var entry = _acknowledgements.Add(PacketType.PubRec, packetId);
        _session!.Record(
            new SessionOperation(SessionOperationKind.Store, PacketId: packetId, Message: message),
            failure => _acknowledgements.Complete(entry, failure is null ? ReasonCode.Success : Failed(failure, PacketType.PubRec, packetId)));
    }

    private void AcknowledgeRepeat(ushort packetId)
    {
        StoredPublish? stored = null;
        lock (_lock) _stored?.TryGetValue(packetId, out stored);
        if (stored is null) _acknowledgements.AddReady(PacketType.PubRec, packetId, ReasonCode.Success);
        else Store(packetId, stored.Message);
    }

    // The order is what makes a crash between any two steps harmless: publish, then forget, then PUBCOMP.
    private void Publish(ushort packetId, Message message)
    {
        // What the connection publishes now comes behind what the one before had on its way, and so does this.
        var view = new PublishView(WithFloor(message.Retain ? message.With(order: NextOrder()) : message)) { Streams = this };
        var result = _context.Router.Route(ref view);
        if (result.Pending is not { } pending)
        {
            if (result.Receivers == 0) _unmatched++;
            Forget(packetId, null);
            return;
        }
        pending.OnCompleted(_ =>
        {
            // It would be so the next time: that it could not be retained changes nothing for those who have it, and what a filter has denied is denied.
            var failure = pending.Failure is { } known && RouteOutcome.IsFinal(known) ? null : pending.Failure;
            if (failure is null) Succeeded(result);
            Forget(packetId, failure);
        }, null);
    }

    private void Forget(ushort packetId, Exception? failure)
    {
        if (failure is not null) FailRelease(failure, packetId);
        else _session!.Record(new SessionOperation(SessionOperationKind.Publish, PacketId: packetId), notRecorded =>
        {
            if (notRecorded is not null)
            {
                FailRelease(notRecorded, packetId);
                return;
            }
            lock (_lock) EndRelease(packetId);
            using var batch = DeliveryBatch.Begin();
            Complete(packetId);
        });
    }

    // PUBCOMP has no code for this: the client finds its message still stored when it connects again and releases it again.
    private void FailRelease(Exception failure, ushort packetId)
    {
        ClientConnection.LogPublishFailed(_context.Logger, failure, _connection.LogName);
        lock (_lock) EndRelease(null);
        if (failure is NoSiloException) CloseWithoutSilo();
        else _connection.Close(ReasonCode.UnspecifiedError, $"message {packetId} could not be published");
    }

    // Under the lock; without an identifier where the message stays stored.
    private void EndRelease(ushort? packetId)
    {
        if (packetId is { } known) Unstore(known);
        if (--_releasing > 0 || _released is null) return;
        _released.SetResult();
        _released = null;
    }

    private void Unstore(ushort packetId)
    {
        if (!_stored!.Remove(packetId, out var stored)) return;
        _storedBytes -= stored.Message.Size;
        if (stored.Message.Identity is { } identity) _numbers!.Remove(identity.Number);
    }

    private void Keep(ushort packetId, Message message)
    {
        _stored![packetId] = new StoredPublish(message);
        _storedBytes += message.Size;
        if (message.Identity is { } identity) _numbers!.Add(identity.Number);
    }

    private RetainedOrder NextOrder() => new(_connection.Epoch, ++_retained);

    // Whatever is published a second time, because a process died between publishing and forgetting, bears the number of the first time.
    private Message Number(Message message)
    {
        var number = new MessageNumber(_connection.Epoch, ++_count);
        return message.With(identity: new MessageIdentity(MessageIdentity.OfSession(_connection.ClientId), number, number));
    }

    private Message WithFloor(Message message)
    {
        if (message.Identity is not { } identity) return message;
        lock (_lock)
        {
            // Logs remember the numbers from the floor on. A router that was given up may bring late what has been published and forgotten since.
            if (_lane?.MayRepeat != true) _floor = _numbers!.Min;
            return message.With(identity: identity with { Floor = _floor });
        }
    }

    // A 3.x client can be told by nothing but the end of the connection that its message is not taken.
    private ProtocolError? Refuse(in PublishFrame frame, Limits.Refusal refusal)
    {
        _context.Metrics.CountRefused(refusal.Kind);
        if (refusal.EndsConnection || (frame.QoS != QualityOfService.AtMostOnce && _connection.Version != ProtocolVersion.V50)) return new ProtocolError(refusal.Reason, refusal.Description);
        Acknowledge(frame.QoS, frame.PacketId, refusal.Reason);
        return null;
    }

    private void Acknowledge(QualityOfService qos, ushort packetId, ReasonCode reason)
    {
        if (qos != QualityOfService.AtMostOnce) _acknowledgements.AddReady(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packetId, reason);
    }

    private void Acknowledge(PacketType type, ushort packetId, ReasonCode reason)
    {
        // PUBREC with success is not the end of the exchange: PUBCOMP is.
        if (type == PacketType.PubAck || reason >= ReasonCode.UnspecifiedError) _connection.PublishAcknowledged();
        _connection.Subscriber!.WriteAcknowledgement(type, packetId, reason);
    }

    private void Complete(ushort packetId)
    {
        _connection.PublishAcknowledged();
        _connection.Subscriber!.WriteAcknowledgement(PacketType.PubComp, packetId);
    }

    // Server unavailable (0x88) is for CONNACK alone.
    private void CloseWithoutSilo() => _connection.Close(ReasonCode.ServerBusy, "no silo takes what it publishes");

    // Nothing that failed is acknowledged as success: a 5.0 client is told so, a 3.x client is disconnected and sends again.
    private ReasonCode Failed(Exception failure, PacketType type, ushort packetId)
    {
        if (failure is PublishDeniedException denied) ClientConnection.LogPublishDenied(_context.Logger, _connection.LogName, (byte)denied.Reason);
        else if (failure is not RetainedFullException) ClientConnection.LogPublishFailed(_context.Logger, failure, _connection.LogName);
        // Nobody waits to hear of it.
        if (type == 0 && RouteOutcome.IsFinal(failure)) return ReasonCode.Success;
        // All other receivers have it, or nobody is to, and it would be so again.
        if (failure is HandlerFailedException or PublishDeniedException && _connection.Version != ProtocolVersion.V50) return ReasonCode.Success;
        if (type == PacketType.PubRec)
            lock (_lock)
            {
                _received?.Remove(packetId);
                if (_stored is not null) Unstore(packetId);
            }
        if (failure is NoSiloException) CloseWithoutSilo();
        else if (_connection.Version != ProtocolVersion.V50) _connection.Close(ReasonCode.UnspecifiedError, $"message {packetId} could not be stored");
        return failure switch
        {
            PublishDeniedException filtered => filtered.Reason,
            StoreFullException or RetainedFullException => ReasonCode.QuotaExceeded,
            HandlerFailedException => ReasonCode.ImplementationSpecificError,
            _ => ReasonCode.UnspecifiedError,
        };
    }
}
