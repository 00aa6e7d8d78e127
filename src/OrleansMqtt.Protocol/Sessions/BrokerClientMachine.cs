using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Sessions;

/// <summary>A broker's view of one connection, as a machine without I/O: bytes go in, packets that need a decision come out.</summary>
/// <remarks>
/// <para>
/// It will: find packets in bytes, refuse what a client must not send, resolve topic aliases, answer PINGREQ, PUBREL and PUBREC by
/// itself, keep duplicates of QoS 2 messages back, and keep the client's receive maximum and maximum packet size.
/// </para>
/// <para>
/// It won't: decide. The broker answers each CONNECT, SUBSCRIBE, UNSUBSCRIBE and QoS 1 or 2 PUBLISH that
/// <see cref="ReceiveBytes(ReadOnlySpan{byte})"/> returns by the method of that name. Nor does it know sockets or time: the shell sends
/// <see cref="GetOutboundData()"/> after each call, measures the keep-alive, and closes the transport once the state is
/// <see cref="BrokerClientState.Disconnected"/>. Not thread-safe.
/// </para>
/// </remarks>
public sealed partial class BrokerClientMachine
{
    private readonly PacketFeed _feed = new();
    private readonly PacketOutbox _outbox = new();
    private readonly ClientTopicAliases _aliases = new();
    private readonly Dictionary<ushort, PacketType> _unanswered = [];
    private int _unansweredPublishes;
    private ushort _receiveMaximum = ushort.MaxValue;
    private uint _clientMaximumPacketSize = PacketFeed.NoLimit;
    private BrokerSession? _session;

    /// <summary>A new connection.</summary>
    /// <param name="maximumPacketSize">The largest packet to accept, in bytes.</param>
    public BrokerClientMachine(uint maximumPacketSize = PacketFeed.NoLimit) => _feed.MaximumPacketSize = maximumPacketSize;

    /// <summary>How far the connection is.</summary>
    public BrokerClientState State { get; private set; }

    /// <summary>The client's CONNECT, once it came.</summary>
    public ConnectPacket? Connect { get; private set; }

    /// <summary>What the client did wrong to end the connection, or null.</summary>
    public ProtocolError? Error { get; private set; }

    /// <summary>The session of an accepted connection.</summary>
    public BrokerSession Session => _session ?? throw new InvalidOperationException("The connection has not been accepted.");

    /// <summary>The protocol version that CONNECT named.</summary>
    public ProtocolVersion Version => Connect?.Version ?? ProtocolVersion.V50;

    /// <summary>Whether there is something to send.</summary>
    public bool HasOutboundData => _outbox.Length > 0;

    /// <summary>Takes the bytes to send.</summary>
    public byte[] GetOutboundData() => _outbox.Take();

    /// <summary>Moves the bytes to send into a writer.</summary>
    public void GetOutboundData(IBufferWriter<byte> output) => _outbox.MoveTo(output);

    /// <summary>
    /// Takes in bytes from the client, cut anywhere. Bytes behind the end of the connection are ignored; what a client sends behind
    /// CONNECT, as it may, waits for CONNACK: after <see cref="AcknowledgeConnect"/>, ask once more with no bytes.
    /// </summary>
    /// <returns>
    /// The packets that need a decision, in order; a DISCONNECT at the end if the client sent one. What the machine answers by itself
    /// it answers at once, so a PINGRESP may overtake the answers to packets that came in the same bytes.
    /// </returns>
    public IReadOnlyList<Packet> ReceiveBytes(ReadOnlySpan<byte> bytes)
    {
        var packets = new List<Packet>();
        if (State != BrokerClientState.Disconnected)
        {
            _feed.Append(bytes);
        }

        while (MayRead)
        {
            if (!_feed.TryRead(Version, out var packet, out var error) && error is null)
            {
                break;
            }

            if ((error ?? Receive(ref packet)) is { } violation)
            {
                Fail(violation);
            }
            else if (packet is not null)
            {
                packets.Add(packet);
            }
        }

        return packets;
    }

    /// <summary>Answers CONNECT. Accepted with a session, sends what that holds: PUBRELs and messages again, then what is queued.</summary>
    /// <param name="packet">The CONNACK; a failure ends the connection [MQTT-3.1.4-6].</param>
    /// <param name="session">The session to go on with; needed unless refused.</param>
    /// <exception cref="InvalidOperationException">No CONNECT waits for an answer.</exception>
    public void AcknowledgeConnect(ConnAckPacket packet, BrokerSession? session)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (State != BrokerClientState.Connecting)
        {
            throw new InvalidOperationException("No CONNECT waits for an answer.");
        }

        _outbox.Write(packet, Version);
        if (packet.ReasonCode.IsFailure())
        {
            Close();
            return;
        }

        ArgumentNullException.ThrowIfNull(session);
        State = BrokerClientState.Connected;
        _session = session;
        session.Connection = this;
        _receiveMaximum = packet.ReceiveMaximum ?? ushort.MaxValue;
        _clientMaximumPacketSize = Connect!.MaximumPacketSize ?? PacketFeed.NoLimit;
        _aliases.Reset(Connect.TopicAliasMaximum ?? 0, packet.TopicAliasMaximum ?? 0);
        foreach (var packetId in session.Inflight.Resume(Connect.ReceiveMaximum ?? ushort.MaxValue))
        {
            Write(PacketType.PubRel, packetId, ReasonCode.Success);
        }

        SendInflight();
    }

    /// <summary>Ends the connection; from 5.0 on with a DISCONNECT that says why [MQTT-3.14.0-1].</summary>
    public void Disconnect(ReasonCode reason)
    {
        if (State == BrokerClientState.Connected && Version == ProtocolVersion.V50)
        {
            _outbox.Write(new DisconnectPacket { ReasonCode = reason }, Version);
        }

        Close();
    }

    /// <summary>The transport is closed.</summary>
    public void ConnectionLost()
    {
        _outbox.Clear();
        Close();
    }

    private bool UsesAuthentication => Connect is { Version: ProtocolVersion.V50, AuthenticationMethod: not null };

    private bool MayRead => State is BrokerClientState.AwaitingConnect or BrokerClientState.Connected ||
        (State == BrokerClientState.Connecting && UsesAuthentication);

    private void Fail(ProtocolError error)
    {
        Error = error;
        Disconnect(ReasonCodes.IsAllowed(PacketType.Disconnect, error.Reason, PublishOrigin.Server)
            ? error.Reason
            : ReasonCode.ProtocolError);
    }

    private void Close()
    {
        State = BrokerClientState.Disconnected;
        _feed.Clear();
        if (_session?.Connection == this)
        {
            _session.Connection = null;
        }
    }
}
