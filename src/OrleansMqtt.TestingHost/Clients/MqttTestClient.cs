using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Threading.Channels;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.TestingHost.Clients;

namespace OrleansMqtt.TestingHost;

/// <summary>
/// A small MQTT client for tests, over a real socket. Each operation is carried to its end: a publish to its last acknowledgement, a received message too. It never reconnects by itself. Any
/// other client works against a test cluster as well.
/// </summary>
/// <remarks>Every wait ends with a <see cref="TimeoutException"/> after <see cref="WaitLimit"/>. Thread-safe, but that messages are received by one at a time.</remarks>
public sealed class MqttTestClient : IAsyncDisposable
{
    private readonly PacketSocket _socket;
    private readonly ConcurrentDictionary<(PacketType Type, ushort PacketId), TaskCompletionSource<Packet>> _awaited = new();
    private readonly Channel<PublishPacket> _messages = Channel.CreateUnbounded<PublishPacket>();
    private readonly Task<DisconnectPacket?> _reading;
    private int _packetId;

    private MqttTestClient(PacketSocket socket, ConnAckPacket connAck)
    {
        (_socket, ConnAck) = (socket, connAck);
        _reading = ReadAsync();
    }

    /// <summary>How long an operation waits for the broker, by the real clock. Default: 30 seconds.</summary>
    public TimeSpan WaitLimit { get; set; } = PacketSocket.DefaultWaitLimit;

    /// <summary>What the broker answered to CONNECT.</summary>
    public ConnAckPacket ConnAck { get; }

    /// <summary>Completes when the connection is over, with the broker's DISCONNECT, or null when it broke without one.</summary>
    public Task<DisconnectPacket?> Closed => _reading.WaitAsync(WaitLimit);

    /// <summary>Connects.</summary>
    /// <param name="endPoint">A gateway's.</param>
    /// <param name="connect">The CONNECT.</param>
    /// <returns>The client, connected.</returns>
    /// <exception cref="IOException">It was refused, or the gateway has gone.</exception>
    public static async Task<MqttTestClient> ConnectAsync(EndPoint endPoint, ConnectPacket connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        var socket = await PacketSocket.ConnectAsync(endPoint, connect.Version);
        try
        {
            await socket.SendAsync(connect);
            var answer = await socket.ReceiveAsync().WaitAsync(PacketSocket.DefaultWaitLimit);
            return answer is ConnAckPacket { ReasonCode: ReasonCode.Success } connAck
                ? new MqttTestClient(socket, connAck)
                : throw new IOException($"The connection was refused: {(answer as ConnAckPacket)?.ReasonCode.ToString() ?? "it was closed"}.");
        }
        catch
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <summary>Subscribes. When it returns, the subscription is in force in the whole cluster.</summary>
    /// <param name="filter">Topic filter.</param>
    /// <param name="qos">The highest quality of service that messages come with.</param>
    /// <returns>What was granted.</returns>
    /// <exception cref="IOException">It was refused, or the connection is over.</exception>
    public async Task<ReasonCode> SubscribeAsync(string filter, QualityOfService qos = QualityOfService.ExactlyOnce)
    {
        var packetId = NextPacketId();
        var packet = new SubscribePacket { PacketId = packetId, Subscriptions = [new Subscription { Filter = filter, MaximumQoS = qos }] };
        var granted = ((SubAckPacket)await AskAsync(packet, PacketType.SubAck, packetId)).ReasonCodes[0];
        return granted < ReasonCode.UnspecifiedError ? granted : throw new IOException($"The subscription to {filter} was refused: {granted}.");
    }

    /// <summary>Publishes a text and waits for the last acknowledgement that the quality of service has.</summary>
    /// <param name="topic">Topic name.</param>
    /// <param name="text">The payload, as UTF-8.</param>
    /// <param name="qos">Quality of service.</param>
    /// <param name="retain">Whether it is retained.</param>
    /// <returns>A task that completes then; at QoS 0, when it was sent.</returns>
    /// <exception cref="IOException">It was refused, or the connection is over.</exception>
    public Task PublishAsync(string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = false) =>
        PublishAsync(new PublishPacket { Topic = topic, Payload = Encoding.UTF8.GetBytes(text), QoS = qos, Retain = retain, PacketId = qos == QualityOfService.AtMostOnce ? (ushort)0 : NextPacketId() });

    /// <summary>Publishes a PUBLISH of one's own, with its packet identifier.</summary>
    /// <inheritdoc cref="PublishAsync(string, string, QualityOfService, bool)"/>
    /// <param name="publish">The PUBLISH.</param>
    public async Task PublishAsync(PublishPacket publish)
    {
        ArgumentNullException.ThrowIfNull(publish);
        switch (publish.QoS)
        {
            case QualityOfService.AtMostOnce:
                await _socket.SendAsync(publish);
                break;
            case QualityOfService.AtLeastOnce:
                Check(await AskAsync(publish, PacketType.PubAck, publish.PacketId));
                break;
            case QualityOfService.ExactlyOnce:
                Check(await AskAsync(publish, PacketType.PubRec, publish.PacketId));
                Check(await AskAsync(new AcknowledgementPacket(PacketType.PubRel) { PacketId = publish.PacketId }, PacketType.PubComp, publish.PacketId));
                break;
        }
    }

    /// <summary>The next message, acknowledged to the end.</summary>
    /// <returns>The message.</returns>
    /// <exception cref="IOException">The connection is over.</exception>
    public async Task<PublishPacket> ReceiveAsync()
    {
        var publish = await NextAsync().WaitAsync(WaitLimit);
        if (publish.QoS == QualityOfService.AtLeastOnce) await _socket.SendAsync(new AcknowledgementPacket(PacketType.PubAck) { PacketId = publish.PacketId });
        if (publish.QoS != QualityOfService.ExactlyOnce) return publish;
        await AskAsync(new AcknowledgementPacket(PacketType.PubRec) { PacketId = publish.PacketId }, PacketType.PubRel, publish.PacketId);
        await _socket.SendAsync(new AcknowledgementPacket(PacketType.PubComp) { PacketId = publish.PacketId });
        return publish;
    }

    /// <summary>The payload of the next message as text; see <see cref="ReceiveAsync"/>.</summary>
    /// <returns>The text.</returns>
    public async Task<string> ReceiveTextAsync() => Encoding.UTF8.GetString((await ReceiveAsync()).Payload.Span);

    /// <summary>Says goodbye and waits until the broker has closed: the session is ready for the next connection, and no will is published.</summary>
    /// <returns>A task that completes then.</returns>
    public async Task DisconnectAsync()
    {
        await _socket.SendAsync(new DisconnectPacket());
        await Closed;
    }

    /// <summary>Breaks the connection without a goodbye.</summary>
    /// <returns>A task that completes when it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _reading;
    }

    private static void Check(Packet answer)
    {
        if (answer is AcknowledgementPacket { ReasonCode: >= ReasonCode.UnspecifiedError } refusal) throw new IOException($"The publish was refused: {refusal.ReasonCode}.");
    }

    private ushort NextPacketId() => (ushort)((Interlocked.Increment(ref _packetId) - 1) % ushort.MaxValue + 1);

    private async Task<Packet> AskAsync(Packet packet, PacketType answer, ushort packetId)
    {
        var awaited = new TaskCompletionSource<Packet>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_awaited.TryAdd((answer, packetId), awaited)) throw new InvalidOperationException($"The packet identifier {packetId} is in use.");
        try
        {
            await _socket.SendAsync(packet);
            // Also when reading had ended before.
            if (await Task.WhenAny(awaited.Task, _reading).WaitAsync(WaitLimit) != awaited.Task && !awaited.Task.IsCompleted) throw new IOException($"The connection ended before {answer} came.");
            return await awaited.Task;
        }
        finally
        {
            _awaited.TryRemove((answer, packetId), out _);
        }
    }

    private async Task<PublishPacket> NextAsync()
    {
        try
        {
            return await _messages.Reader.ReadAsync();
        }
        catch (ChannelClosedException exception)
        {
            throw new IOException("The connection is over.", exception);
        }
    }

    private async Task<DisconnectPacket?> ReadAsync()
    {
        DisconnectPacket? goodbye = null;
        try
        {
            while (await _socket.ReceiveAsync() is { } packet)
            {
                if (packet is DisconnectPacket disconnect) goodbye = disconnect;
                else Take(packet);
            }
            return goodbye;
        }
        finally
        {
            _messages.Writer.Complete();
            await _socket.DisposeAsync();
        }
    }

    private void Take(Packet packet)
    {
        switch (packet)
        {
            case PublishPacket publish:
                _messages.Writer.TryWrite(publish);
                break;
            case AcknowledgementPacket acknowledgement:
                Settle(acknowledgement.Type, acknowledgement.PacketId, acknowledgement);
                break;
            case SubAckPacket subAck:
                Settle(PacketType.SubAck, subAck.PacketId, subAck);
                break;
        }
    }

    private void Settle(PacketType type, ushort packetId, Packet answer)
    {
        if (_awaited.TryGetValue((type, packetId), out var awaited)) awaited.TrySetResult(answer);
    }
}
