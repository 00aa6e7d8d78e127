using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>The client's side of MQTT 3.1, 3.1.1 and 5.0 as a machine without I/O: bytes and calls go in, events and bytes come
/// out.</summary>
/// <remarks>
/// <para>
/// It will: build and check packets, give out packet identifiers, keep the server's receive maximum, maximum packet size, maximum QoS
/// and capabilities, acknowledge by itself, use topic aliases both ways, count the users of each subscription, and carry the session
/// (messages under way, QoS 2 identifiers, subscriptions) from one connection to the next.
/// </para>
/// <para>
/// It won't: open, write, or close sockets, measure time, start threads, or store anything. The shell sends what
/// <see cref="GetOutboundData()"/> gives after each call, feeds <see cref="ReceiveBytes(ReadOnlySpan{byte})"/>, says
/// <see cref="ConnectionLost"/>, calls <see cref="Ping"/> within <see cref="ClientCapabilities.KeepAlive"/>, closes the transport on
/// <see cref="ClientConnectFailed"/> and <see cref="ClientDisconnected"/>, and decides when to connect again. Messages that wait for the
/// window are kept without limit: a shell that publishes faster than the server acknowledges watches <see cref="WaitingCount"/>.
/// </para>
/// <para>
/// A server that still has a session unknown to this object is gone along with when clean start is off, as a client restarted without
/// its memory wants its queued messages; [MQTT-3.2.2-4] would have it disconnect. Not thread-safe. Calls out of order throw
/// <see cref="InvalidOperationException"/>, invalid arguments <see cref="ArgumentException"/>; what the server does or refuses is a value.
/// </para>
/// </remarks>
public sealed partial class ClientConnection
{
    private readonly PacketFeed _feed = new();
    private readonly PacketOutbox _outbox = new();
    private readonly ClientPacketIdentifiers _identifiers = new();
    private readonly ClientInflight _inflight;
    private readonly HashSet<ushort> _received = []; // QoS 2 identifiers between PUBLISH and PUBREL.
    private readonly ClientSubscriptions _subscriptions = new();
    private readonly ClientTopicAliases _aliases = new();
    private List<ClientEvent> _events = [];
    private ConnectPacket _connect = new();

    /// <summary>A client without connection and with an empty session.</summary>
    public ClientConnection() => _inflight = new ClientInflight(_identifiers);

    /// <summary>How far the connection is.</summary>
    public ClientConnectionState State { get; private set; }

    /// <summary>What the server takes; the last server's while disconnected.</summary>
    public ClientCapabilities Capabilities { get; private set; } = new();

    /// <summary>The client identifier, the one that the server assigned if it did: connect with it again to go on with the
    /// session.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>The protocol version of the last CONNECT.</summary>
    public ProtocolVersion Version => _connect.Version;

    /// <summary>How many QoS 1 and 2 messages are sent and not yet acknowledged.</summary>
    public int InflightCount => _inflight.UnderWayCount;

    /// <summary>How many QoS 1 and 2 messages wait for the server's receive maximum.</summary>
    public int WaitingCount => _inflight.WaitingCount;

    /// <summary>Whether there is something to send.</summary>
    public bool HasOutboundData => _outbox.Length > 0;

    /// <summary>Starts a connection: writes CONNECT. The transport is a new one.</summary>
    /// <exception cref="InvalidOperationException">A connection is there.</exception>
    public void Connect(ConnectPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (State != ClientConnectionState.Disconnected)
        {
            throw new InvalidOperationException("There is a connection already.");
        }

        _outbox.Clear();
        _outbox.Write(packet, packet.Version);
        _feed.Clear();
        _feed.MaximumPacketSize = packet.MaximumPacketSize ?? PacketFeed.NoLimit;
        _connect = packet;
        ClientId = packet.ClientId;
        State = ClientConnectionState.Connecting;
    }

    /// <summary>Sends a step of enhanced authentication, or starts authenticating anew [MQTT-4.12.1-1].</summary>
    /// <exception cref="InvalidOperationException">There is no connection, or CONNECT named no authentication method.</exception>
    public void Authenticate(AuthPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (State == ClientConnectionState.Disconnected || _connect.AuthenticationMethod is null || Version != ProtocolVersion.V50)
        {
            throw new InvalidOperationException("There is no connection that uses enhanced authentication.");
        }

        _outbox.Write(packet, Version);
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    public void Ping()
    {
        RequireConnected();
        _outbox.Write(PingReqPacket.Instance, Version);
    }

    /// <summary>Ends the connection in order: writes DISCONNECT, behind which nothing is written [MQTT-3.14.4-1].</summary>
    /// <param name="packet">What DISCONNECT says from 5.0 on; null for a normal one, by which the server drops the will.</param>
    /// <returns>Packet identifiers of SUBSCRIBEs and UNSUBSCRIBEs that get no answer any more.</returns>
    /// <exception cref="InvalidOperationException">There is no connection.</exception>
    public IReadOnlyList<ushort> Disconnect(DisconnectPacket? packet = null)
    {
        if (State == ClientConnectionState.Disconnected)
        {
            throw new InvalidOperationException("There is no connection.");
        }

        _outbox.Write(packet ?? new DisconnectPacket(), Version);
        return Close();
    }

    /// <summary>The transport is closed. Says <see cref="ClientDisconnected"/> unless that, or a refusal, was said before.</summary>
    public IReadOnlyList<ClientEvent> ConnectionLost()
    {
        _outbox.Clear();
        return State == ClientConnectionState.Disconnected ? [] : [new ClientDisconnected(null, null, Close())];
    }

    /// <summary>Takes in bytes from the server, cut anywhere. Bytes behind the end of the connection are ignored.</summary>
    /// <returns>What happened, in order.</returns>
    public IReadOnlyList<ClientEvent> ReceiveBytes(ReadOnlySpan<byte> bytes)
    {
        if (State != ClientConnectionState.Disconnected)
        {
            _feed.Append(bytes);
        }

        return ReceivePackets();
    }

    /// <inheritdoc cref="ReceiveBytes(ReadOnlySpan{byte})"/>
    public IReadOnlyList<ClientEvent> ReceiveBytes(in ReadOnlySequence<byte> bytes)
    {
        if (State != ClientConnectionState.Disconnected)
        {
            _feed.Append(bytes);
        }

        return ReceivePackets();
    }

    /// <summary>Takes the bytes to send.</summary>
    public byte[] GetOutboundData() => _outbox.Take();

    /// <summary>Moves the bytes to send into a writer.</summary>
    public void GetOutboundData(IBufferWriter<byte> output) => _outbox.MoveTo(output);

    private List<ClientEvent> ReceivePackets()
    {
        while (State != ClientConnectionState.Disconnected)
        {
            if (!_feed.TryRead(Version, out var packet, out var error) && error is null)
            {
                break;
            }

            if ((error ?? Receive(packet!)) is { } violation)
            {
                Fail(violation);
            }
        }

        if (_events.Count == 0)
        {
            return [];
        }

        var events = _events;
        _events = [];
        return events;
    }

    private void Fail(ProtocolError error)
    {
        if (Version == ProtocolVersion.V50 && State == ClientConnectionState.Connected)
        {
            var reason = ReasonCodes.IsAllowed(PacketType.Disconnect, error.Reason, PublishOrigin.Client)
                ? error.Reason
                : ReasonCode.ProtocolError;
            _outbox.Write(new DisconnectPacket { ReasonCode = reason }, Version); // [MQTT-4.13.1-1]
        }

        _events.Add(new ClientDisconnected(null, error, Close()));
    }

    /// <summary>Ends the connection, not the session.</summary>
    private IReadOnlyList<ushort> Close()
    {
        State = ClientConnectionState.Disconnected;
        _feed.Clear();
        var abandoned = _subscriptions.Abandon();
        foreach (var packetId in abandoned)
        {
            _identifiers.Release(packetId);
        }

        return abandoned;
    }

    private void RequireConnected()
    {
        if (State != ClientConnectionState.Connected)
        {
            throw new InvalidOperationException("Not connected.");
        }
    }
}
