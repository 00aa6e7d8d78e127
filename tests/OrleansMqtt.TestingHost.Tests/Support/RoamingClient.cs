using OrleansMqtt.TestingHost.Clients;

namespace OrleansMqtt.TestingHost.Tests.Support;

/// <summary>
/// A client with a persistent session that goes on at another gateway when its own is gone, as the specification has it: what is under way at QoS 2 goes on where it was
/// [MQTT-4.4.0-1].
/// </summary>
internal sealed class RoamingClient(MqttTestCluster cluster, string clientId) : IAsyncDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly HashSet<ushort> _unreleased = [];
    private PacketSocket? _socket;
    private ushort _packetId;
    private bool _known;

    /// <summary>How often it had to go elsewhere.</summary>
    public int Moves { get; private set; }

    /// <summary>What its gateway said when it had to go; null where the connection broke without a word.</summary>
    public List<ReasonCode?> Goodbyes { get; } = [];

    /// <summary>Subscribes at QoS 2.</summary>
    public async Task SubscribeAsync(string filter)
    {
        var packet = new SubscribePacket { PacketId = NextPacketId(), Subscriptions = [new Subscription { Filter = filter, MaximumQoS = QualityOfService.ExactlyOnce }] };
        await DoAsync(async socket =>
        {
            await socket.SendAsync(packet);
            return await ReceiveAsync(socket) is SubAckPacket;
        });
    }

    /// <summary>Publishes at QoS 2, to the end.</summary>
    public async Task PublishAsync(string topic, string text)
    {
        var (packetId, isTaken, again) = (NextPacketId(), false, false);
        await DoAsync(async socket =>
        {
            if (!isTaken)
            {
                await socket.SendAsync(new PublishPacket { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(text), QoS = QualityOfService.ExactlyOnce, PacketId = packetId, Duplicate = again });
                again = true;
                if (!await IsAnsweredAsync(socket, PacketType.PubRec)) return false;
                isTaken = true;
            }
            await socket.SendAsync(new AcknowledgementPacket(PacketType.PubRel) { PacketId = packetId });
            return await IsAnsweredAsync(socket, PacketType.PubComp);
        });

        async Task<bool> IsAnsweredAsync(PacketSocket socket, PacketType type)
        {
            if (await ReceiveAsync(socket) is not { } packet) return false;
            var answer = Assert.IsType<AcknowledgementPacket>(packet);
            // What was forgotten with its PUBCOMP was carried out [MQTT-4.3.3-13].
            Assert.True(answer.ReasonCode < ReasonCode.UnspecifiedError || (type == PacketType.PubComp && answer.ReasonCode == ReasonCode.PacketIdentifierNotFound), $"{type}: {answer.ReasonCode}");
            Assert.Equal((type, packetId), (answer.Type, answer.PacketId));
            return true;
        }
    }

    /// <summary>Receives at QoS 2 until <paramref name="isLast"/> says so; each message once, in the order in which they came first.</summary>
    public async Task<List<string>> ReceiveUntilAsync(Func<string, bool> isLast)
    {
        var texts = new List<string>();
        await DoAsync(async socket =>
        {
            while (_unreleased.Count > 0 || texts.Count == 0 || !texts.Any(isLast))
            {
                switch (await ReceiveAsync(socket))
                {
                    case null:
                        return false;
                    case PublishPacket publish:
                        Assert.Equal(QualityOfService.ExactlyOnce, publish.QoS);
                        if (_unreleased.Add(publish.PacketId)) texts.Add(System.Text.Encoding.UTF8.GetString(publish.Payload.Span));
                        await socket.SendAsync(new AcknowledgementPacket(PacketType.PubRec) { PacketId = publish.PacketId });
                        break;
                    case AcknowledgementPacket { Type: PacketType.PubRel } release:
                        _unreleased.Remove(release.PacketId);
                        await socket.SendAsync(new AcknowledgementPacket(PacketType.PubComp) { PacketId = release.PacketId });
                        break;
                    case var other:
                        Assert.Fail($"Neither PUBLISH nor PUBREL: {other.Type}.");
                        break;
                }
            }
            return true;
        });
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is not null) await _socket.DisposeAsync();
    }

    private ushort NextPacketId() => _packetId = (ushort)((_packetId % ushort.MaxValue) + 1);

    // Again and again, until it has been carried out on one connection.
    private async Task DoAsync(Func<PacketSocket, Task<bool>> attempt)
    {
        while (!await TryAsync(attempt))
        {
        }
    }

    private async Task<bool> TryAsync(Func<PacketSocket, Task<bool>> attempt)
    {
        try
        {
            var socket = _socket ??= await ConnectAsync();
            if (await attempt(socket)) return true;
        }
        catch (IOException)
        {
            // Its gateway is gone: another one.
        }
        if (_socket is not null) await _socket.DisposeAsync();
        _socket = null;
        Moves++;
        await Task.Yield();
        return false;
    }

    private async Task<PacketSocket> ConnectAsync()
    {
        var gateway = cluster.Gateways.FirstOrDefault(static gateway => gateway.IsActive) ?? throw new IOException("No gateway runs.");
        PacketSocket? socket = null;
        try
        {
            socket = await PacketSocket.ConnectAsync(gateway.EndPoint, ProtocolVersion.V50);
            await socket.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = false, SessionExpiryInterval = 3600 });
            if (await ReceiveAsync(socket) is not ConnAckPacket { ReasonCode: ReasonCode.Success } connAck) throw new IOException("It was not let in.");
            Assert.Equal(_known, connAck.SessionPresent);
            _known = true;
            return socket;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            if (socket is not null) await socket.DisposeAsync();
            throw new IOException($"{gateway} is stopping.", exception);
        }
    }

    // Null when the connection is over.
    private async Task<Packet?> ReceiveAsync(PacketSocket socket)
    {
        var packet = await socket.ReceiveAsync().WaitAsync(HangGuard);
        if (packet is not null and not DisconnectPacket) return packet;
        Goodbyes.Add((packet as DisconnectPacket)?.ReasonCode);
        return null;
    }
}
