using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// The receiving half of a server's connection: takes bytes, checks what the protocol demands of a client, and tells an
/// <see cref="IServerConnectionHandler"/> what came. It has no socket, no clock and no thread; it sends nothing.
/// It does: framing, packet order, version, topic aliases, the Receive Maximum.
/// It does not: keep alive (needs a clock), subscriptions, sessions, permissions.
/// </summary>
public sealed class ServerConnection(ServerConnectionOptions options, IServerConnectionHandler handler)
{
    private byte[]? _scratch;
    private InboundTopicAliases? _aliases;
    private int _unacknowledged;
    private PacketType _series;

    /// <summary>The limits in force.</summary>
    public ServerConnectionOptions Options { get; } = options;

    /// <summary>The client's protocol version; meaningful once CONNECT has come.</summary>
    public ProtocolVersion Version { get; private set; } = ProtocolVersion.V311;

    /// <summary>Whether the first packet was a CONNECT of MQTT by its protocol name, otherwise well-formed or not: only then may a refusal be sent.</summary>
    public bool ConnectSeen { get; private set; }

    /// <summary>Where the connection stands.</summary>
    public ConnectionPhase Phase { get; private set; }

    /// <summary>Whether <see cref="Receive"/> leaves further packets unread until <see cref="Resume"/>.</summary>
    public bool Paused { get; private set; }

    /// <summary>QoS 1 and 2 messages that the client has sent and the owner has not reported as acknowledged.</summary>
    public int Unacknowledged => Volatile.Read(ref _unacknowledged);

    /// <summary>
    /// Reads all whole packets at the start of <paramref name="input"/> and moves it behind them. Stops early when paused or closed.
    /// Returns the error that ends the connection, or null.
    /// </summary>
    public ProtocolError? Receive(ref ReadOnlySequence<byte> input)
    {
        while (!Paused && Phase != ConnectionPhase.Closed && !input.IsEmpty)
        {
            var error = ReceiveFirstSegment(ref input, out var consumed);
            if (error is null && consumed == 0) error = ReceiveStraddling(ref input, out consumed);
            if (error is not null)
            {
                Phase = ConnectionPhase.Closed;
                return error;
            }
            if (consumed == 0) break;
        }
        if (_series != default) (Paused, _series) = (true, default);
        return null;
    }

    /// <summary>CONNACK with success has been sent: reading goes on. Aliases up to the announced maximum are accepted from now on.</summary>
    public void Accept()
    {
        if (Phase == ConnectionPhase.Closed) return;
        Phase = ConnectionPhase.Connected;
        if (Version == ProtocolVersion.V50 && Options.TopicAliasMaximum > 0) _aliases = new InboundTopicAliases(Options.TopicAliasMaximum);
        Paused = false;
    }

    /// <summary>Holds the client back: no packet after the present one is read.</summary>
    public void Pause() => Paused = true;

    /// <summary>
    /// Holds the client back behind the present packet and those of the same type that follow it in the input at hand: they may be carried out together.
    /// </summary>
    /// <param name="type">Type of the present packet.</param>
    public void PauseBehindSeries(PacketType type) => _series = type;

    /// <summary>Reading goes on with the next call to <see cref="Receive"/>.</summary>
    public void Resume() => Paused = false;

    /// <summary>A PUBACK, PUBCOMP or failing PUBREC has been sent, so the client may send one more. May be called from any thread.</summary>
    public void Acknowledged() => Interlocked.Decrement(ref _unacknowledged);

    /// <summary>Gives back memory held for a packet that spanned segments; call when no bytes are left to read.</summary>
    public void ReleaseScratch()
    {
        if (_scratch is null) return;
        ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = null;
    }

    // The common case: whole packets in one contiguous piece of memory, cut by arithmetic on one span.
    private ProtocolError? ReceiveFirstSegment(ref ReadOnlySequence<byte> input, out int consumed)
    {
        var span = input.FirstSpan;
        consumed = 0;
        ProtocolError? error = null;
        while (!Paused && Phase != ConnectionPhase.Closed)
        {
            var rest = span[consumed..];
            if (rest.IsEmpty) break;
            var status = FrameHeader.TryParse(rest, MaximumPacketSize, out var header, out error);
            if (status == FrameStatus.Invalid) break;
            if (status == FrameStatus.Incomplete || rest.Length < header.TotalLength || EndsSeries(header.FirstByte)) break;
            error = Dispatch(header.FirstByte, rest.Slice(header.HeaderLength, header.BodyLength));
            consumed += header.TotalLength;
            if (error is not null) break;
        }
        if (consumed > 0) input = input.Slice(consumed);
        return error;
    }

    private ProtocolError? ReceiveStraddling(ref ReadOnlySequence<byte> input, out int consumed)
    {
        consumed = 0;
        var status = FrameHeader.TryParse(input, MaximumPacketSize, out var header, out var error);
        if (status == FrameStatus.Invalid) return error;
        if (status == FrameStatus.Incomplete || input.Length < header.TotalLength || EndsSeries(header.FirstByte)) return null;
        if (_scratch is null || _scratch.Length < header.BodyLength)
        {
            ReleaseScratch();
            _scratch = ArrayPool<byte>.Shared.Rent(header.BodyLength);
        }
        input.Slice(header.HeaderLength, header.BodyLength).CopyTo(_scratch);
        input = input.Slice(header.TotalLength);
        consumed = header.TotalLength;
        return Dispatch(header.FirstByte, _scratch.AsSpan(0, header.BodyLength));
    }

    private bool EndsSeries(byte firstByte) => _series != default && (PacketType)(firstByte >> 4) != _series;

    private uint MaximumPacketSize => Phase == ConnectionPhase.Connected ? Options.MaximumPacketSize : Math.Min(Options.MaximumConnectPacketSize, Options.MaximumPacketSize);

    private ProtocolError? Dispatch(byte firstByte, ReadOnlySpan<byte> body)
    {
        var type = (PacketType)(firstByte >> 4);
        if (Phase != ConnectionPhase.Connected) return DispatchHandshake(type, firstByte, body);
        switch (type)
        {
            case PacketType.Publish:
                return ReceivePublish(firstByte, body);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp or PacketType.PubRel:
                if (AcknowledgementFrame.TryDecode(firstByte, body, Version, out var acknowledgement) is { } invalid) return invalid;
                return type == PacketType.PubRel
                    ? handler.OnRelease(acknowledgement.PacketId, acknowledgement.ReasonCode)
                    : handler.OnAcknowledgement(type, acknowledgement.PacketId, acknowledgement.ReasonCode);
            default:
                return ReceiveOther(type, firstByte, body);
        }
    }

    private ProtocolError? DispatchHandshake(PacketType type, byte firstByte, ReadOnlySpan<byte> body)
    {
        // [MQTT-3.1.0-1]: the first packet must be CONNECT; [MQTT-4.12.0-1] lets AUTH come before CONNACK.
        if (Phase == ConnectionPhase.AwaitingConnect)
        {
            if (type != PacketType.Connect) return new ProtocolError(ReasonCode.ProtocolError, $"the first packet is {type}, not CONNECT");
            ConnectSeen = body.StartsWith("\0\u0004MQTT"u8) || body.StartsWith("\0\u0006MQIsdp"u8); // [MQTT-3.1.2-1]
            if (PacketDecoder.Decode(firstByte, body, Version, out var packet) is { } error)
            {
                // Only a 5.0 client can be told what was wrong with its CONNECT, so it matters whether it is one.
                if (body.StartsWith("\0\u0004MQTT\u0005"u8)) Version = ProtocolVersion.V50;
                return error;
            }
            var connect = (ConnectPacket)packet!;
            Version = connect.Version;
            Phase = ConnectionPhase.Connecting;
            Paused = true;
            return CheckClientIdentifier(connect) ?? handler.OnConnect(connect);
        }
        // A client that authenticates step by step may give up (MQTT 5.0 section 4.12).
        return type == PacketType.Auth || (type == PacketType.Disconnect && Version == ProtocolVersion.V50) ? ReceiveOther(type, firstByte, body) : new ProtocolError(ReasonCode.ProtocolError, $"{type} before CONNACK");
    }

    private ProtocolError? CheckClientIdentifier(ConnectPacket connect)
    {
        // MQTT 3.1 section 3.1: 1 to 23 characters. Later versions leave the upper limit to the server.
        if (connect.Version != ProtocolVersion.V31 || connect.ClientId.Length <= 23) return null;
        if (!Options.Tolerant) return new ProtocolError(ReasonCode.ClientIdentifierNotValid, "a 3.1 client identifier has at most 23 characters");
        handler.OnTolerated(Tolerance.LongClientIdentifier);
        return null;
    }

    private ProtocolError? ReceivePublish(byte firstByte, ReadOnlySpan<byte> body)
    {
        if (Options.Tolerant && (firstByte & 0b1110) == 0b1000)
        {
            firstByte &= 0b1111_0111;
            handler.OnTolerated(Tolerance.DuplicateFlagAtQosZero);
        }
        if (PublishFrame.TryDecode(firstByte, body, Version, PublishOrigin.Client, out var publish) is { } error) return error;
        if (publish.TopicAlias != 0)
        {
            if (_aliases is null || publish.TopicAlias > _aliases.Maximum)
                return new ProtocolError(ReasonCode.TopicAliasInvalid, $"topic alias {publish.TopicAlias} is over the maximum {Options.TopicAliasMaximum}");
            if (!publish.Topic.IsEmpty) _aliases.TrySet(publish.TopicAlias, publish.Topic);
            else if (_aliases.TryGet(publish.TopicAlias, out var topic)) publish = publish.WithTopic(topic);
            else return new ProtocolError(ReasonCode.ProtocolError, $"topic alias {publish.TopicAlias} is not set");
        }
        if (publish.QoS != QualityOfService.AtMostOnce && Interlocked.Increment(ref _unacknowledged) > Options.ReceiveMaximum && Version == ProtocolVersion.V50)
        {
            // [MQTT-3.3.4-7], [MQTT-3.3.4-8]: 3.x clients know of no such limit; they are held back by the owner instead.
            if (!Options.Tolerant) return new ProtocolError(ReasonCode.ReceiveMaximumExceeded, $"more than {Options.ReceiveMaximum} unacknowledged messages");
            handler.OnTolerated(Tolerance.ReceiveMaximumExceeded);
        }
        return handler.OnPublish(in publish);
    }

    private ProtocolError? ReceiveOther(PacketType type, byte firstByte, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PacketType.PingReq:
                if (!body.IsEmpty) return new ProtocolError(ReasonCode.MalformedPacket, "PINGREQ with a body");
                handler.OnPing();
                return null;
            case PacketType.Subscribe or PacketType.Unsubscribe or PacketType.Disconnect or PacketType.Auth:
                break;
            case PacketType.Connect:
                return new ProtocolError(ReasonCode.ProtocolError, "a second CONNECT"); // [MQTT-3.1.0-2]
            default:
                return new ProtocolError(ReasonCode.ProtocolError, $"a client must not send {type}");
        }
        if (PacketDecoder.Decode(firstByte, body, Version, out var packet) is { } error) return error;
        switch (packet)
        {
            case SubscribePacket subscribe: return handler.OnSubscribe(subscribe);
            case UnsubscribePacket unsubscribe: return handler.OnUnsubscribe(unsubscribe);
            case AuthPacket auth: return handler.OnAuthenticate(auth);
            default:
                Phase = ConnectionPhase.Closed;
                return handler.OnDisconnect((DisconnectPacket)packet!);
        }
    }
}
