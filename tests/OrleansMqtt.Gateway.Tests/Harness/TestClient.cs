using System.Buffers;
using System.IO.Pipelines;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>
/// A client that does only what the test says: every packet is sent by the test and every packet received is looked at by the test.
/// </summary>
public sealed class TestClient(IDuplexPipe pipe, ProtocolVersion version)
{
    private ushort _packetId;

    /// <summary>What the server answered to CONNECT.</summary>
    public ConnAckPacket? ConnAck { get; set; }

    public ProtocolVersion Version => version;

    /// <summary>The bytes of the last packet received.</summary>
    public ReadOnlyMemory<byte> LastBytes { get; private set; }

    /// <summary>A packet identifier that was not used before.</summary>
    public ushort NextPacketId() => ++_packetId;

    public Task SendAsync(Packet packet) => SendAsync(PacketEncoder.Encode(packet, version));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await pipe.Output.WriteAsync(bytes);

    /// <summary>The next packet, which must be a <typeparamref name="T"/>.</summary>
    public async Task<T> ReceiveAsync<T>() where T : Packet
    {
        var packet = await ReceiveAsync();
        return Assert.IsType<T>(packet);
    }

    /// <summary>The next packet; null when the server has closed the connection.</summary>
    public async Task<Packet?> ReceiveAsync()
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while (true)
        {
            var result = await pipe.Input.ReadAsync(guard.Token);
            var buffer = result.Buffer;
            var status = FrameHeader.TryParse(buffer, uint.MaxValue, out var header, out var error);
            Assert.True(status != FrameStatus.Invalid, $"The server sent an invalid frame: {error?.Description}");
            if (status == FrameStatus.Complete && buffer.Length >= header.TotalLength)
            {
                var body = buffer.Slice(header.HeaderLength, header.BodyLength).ToArray();
                var refused = PacketDecoder.Decode(header.FirstByte, body, version, out var packet);
                Assert.Null(refused);
                LastBytes = buffer.Slice(0, header.TotalLength).ToArray();
                pipe.Input.AdvanceTo(buffer.GetPosition(header.TotalLength));
                return packet;
            }
            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted) continue;
            Assert.True(buffer.IsEmpty, "The connection ended inside a packet.");
            return null;
        }
    }

    /// <summary>The server must close; a 5.0 client must be told <paramref name="reason"/> before. Returns the DISCONNECT.</summary>
    public async Task<DisconnectPacket?> ExpectDisconnectAsync(ReasonCode reason)
    {
        DisconnectPacket? disconnect = null;
        if (version == ProtocolVersion.V50)
        {
            disconnect = await ReceiveAsync<DisconnectPacket>();
            Assert.Equal(reason, disconnect.ReasonCode);
        }
        Assert.Null(await ReceiveAsync());
        return disconnect;
    }

    /// <summary>The server must close without a further packet.</summary>
    public async Task ExpectClosedAsync() => Assert.Null(await ReceiveAsync());

    /// <summary>Nothing but the answer to this PINGREQ may come: whatever the server had to send before has been looked at.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(PingReqPacket.Instance);
        await ReceiveAsync<PingRespPacket>();
    }

    /// <summary>
    /// What this client sent before has been carried out to its end, so that its keep-alive time counts from now: the answer to CONNECT or SUBSCRIBE leaves a moment before.
    /// To be asked before the clock moves on.
    /// </summary>
    public Task SettledAsync() => ExpectNothingAsync();

    /// <summary>Subscribes and returns the granted codes.</summary>
    public async Task<IReadOnlyList<ReasonCode>> SubscribeAsync(params Subscription[] subscriptions)
    {
        var packetId = NextPacketId();
        await SendAsync(new SubscribePacket { PacketId = packetId, Subscriptions = subscriptions });
        var subAck = await ReceiveAsync<SubAckPacket>();
        Assert.Equal(packetId, subAck.PacketId);
        return subAck.ReasonCodes;
    }

    /// <summary>Subscribes to one filter.</summary>
    public Task<IReadOnlyList<ReasonCode>> SubscribeAsync(string filter, QualityOfService qos = QualityOfService.ExactlyOnce) =>
        SubscribeAsync(new Subscription { Filter = filter, MaximumQoS = qos });

    /// <summary>Publishes and, for QoS 1 and 2, carries the exchange to its end. Returns the reason code of PUBACK or PUBREC.</summary>
    public async Task<ReasonCode> PublishAsync(string topic, string payload, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false)
    {
        var packetId = qos == QualityOfService.AtMostOnce ? (ushort)0 : NextPacketId();
        await SendAsync(new PublishPacket { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload), QoS = qos, Retain = retain, PacketId = packetId });
        if (qos == QualityOfService.AtMostOnce) return ReasonCode.Success;
        var first = await ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packetId), (first.Type, first.PacketId));
        if (qos == QualityOfService.AtLeastOnce || first.ReasonCode >= ReasonCode.UnspecifiedError) return first.ReasonCode;
        await SendAsync(new AcknowledgementPacket(PacketType.PubRel) { PacketId = packetId });
        var last = await ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((PacketType.PubComp, packetId), (last.Type, last.PacketId));
        return first.ReasonCode;
    }

    /// <summary>Receives a PUBLISH and acknowledges it to the end.</summary>
    public async Task<PublishPacket> ReceivePublishAsync()
    {
        var publish = await ReceiveAsync<PublishPacket>();
        if (publish.QoS == QualityOfService.AtLeastOnce) await SendAsync(new AcknowledgementPacket(PacketType.PubAck) { PacketId = publish.PacketId });
        if (publish.QoS != QualityOfService.ExactlyOnce) return publish;
        await SendAsync(new AcknowledgementPacket(PacketType.PubRec) { PacketId = publish.PacketId });
        var release = await ReceiveAsync<AcknowledgementPacket>();
        Assert.Equal((PacketType.PubRel, publish.PacketId), (release.Type, release.PacketId));
        await SendAsync(new AcknowledgementPacket(PacketType.PubComp) { PacketId = publish.PacketId });
        return publish;
    }

    /// <summary>Says goodbye and waits until the server has closed.</summary>
    public async Task DisconnectAsync(ReasonCode reason = ReasonCode.Success)
    {
        await SendAsync(new DisconnectPacket { ReasonCode = reason });
        await ExpectClosedAsync();
    }

    /// <summary>Loses the network: no goodbye.</summary>
    public void Abort()
    {
        pipe.Output.Complete();
        pipe.Input.Complete();
    }
}
