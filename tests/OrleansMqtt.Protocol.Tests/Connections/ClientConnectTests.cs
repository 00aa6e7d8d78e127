using System.Buffers;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ClientConnectTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public void A_connection_begins_and_ends(ProtocolVersion version)
    {
        var harness = new ClientHarness();
        var events = harness.Connect(new ConnectPacket { Version = version, ClientId = "c", CleanStart = true }, new ConnAckPacket());
        Assert.False(Assert.IsType<ClientConnected>(Assert.Single(events)).SessionPresent);
        Assert.Equal(ClientConnectionState.Connected, harness.Client.State);

        harness.Client.Ping();
        Assert.IsType<PingReqPacket>(harness.SentOne<PingReqPacket>());
        harness.ReceiveOne<ClientPingResponse>(PingRespPacket.Instance);

        harness.Client.Disconnect();
        harness.SentOne<DisconnectPacket>();
        Assert.Equal(ClientConnectionState.Disconnected, harness.Client.State);
        Assert.Empty(harness.Client.ConnectionLost());
        Assert.Empty(harness.Receive(PingRespPacket.Instance));
    }

    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public void A_refusal_carries_its_reason(ProtocolVersion version)
    {
        var harness = new ClientHarness();
        var events = harness.Connect(
            new ConnectPacket { Version = version, ClientId = "c" }, new ConnAckPacket { ReasonCode = ReasonCode.NotAuthorized });
        Assert.Equal(ReasonCode.NotAuthorized, Assert.IsType<ClientConnectFailed>(Assert.Single(events)).Reason);
        Assert.Equal(ClientConnectionState.Disconnected, harness.Client.State);
        harness.Connect(new ConnectPacket { Version = version, ClientId = "c" }, new ConnAckPacket());
        Assert.Equal(ClientConnectionState.Connected, harness.Client.State);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-21")]
    public void Capabilities_are_what_the_server_said()
    {
        var harness = ClientHarness.Connected(new ConnectPacket { KeepAlive = 60 }, new ConnAckPacket
        {
            AssignedClientIdentifier = "auto-1",
            MaximumQoS = QualityOfService.AtLeastOnce,
            RetainAvailable = false,
            ReceiveMaximum = 7,
            MaximumPacketSize = 1_000,
            TopicAliasMaximum = 3,
            ServerKeepAlive = 20,
            SharedSubscriptionAvailable = false,
        });
        Assert.Equal("auto-1", harness.Client.ClientId);
        Assert.Equal(
            new ClientCapabilities
            {
                MaximumQoS = QualityOfService.AtLeastOnce,
                RetainAvailable = false,
                ReceiveMaximum = 7,
                MaximumPacketSize = 1_000,
                TopicAliasMaximum = 3,
                KeepAlive = 20,
                SharedSubscriptionAvailable = false,
            },
            harness.Client.Capabilities);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-2")]
    public void A_session_after_a_clean_start_is_an_error()
    {
        var harness = new ClientHarness();
        var events = harness.Connect(new ConnectPacket { CleanStart = true }, new ConnAckPacket { SessionPresent = true });
        Assert.Equal(ReasonCode.ProtocolError, Assert.IsType<ClientDisconnected>(Assert.Single(events)).Error!.Reason);
        Assert.Empty(harness.Sent());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.0-1")]
    public void Nothing_may_come_before_CONNACK()
    {
        var harness = new ClientHarness();
        harness.Client.Connect(new ConnectPacket());
        Assert.NotNull(harness.ReceiveOne<ClientDisconnected>(PingRespPacket.Instance).Error);
    }

    [Fact]
    public void A_second_CONNACK_or_a_clients_packet_is_an_error()
    {
        Packet[] wrong = [new ConnAckPacket(), PingReqPacket.Instance, new ConnectPacket()];
        Assert.All(wrong, packet =>
        {
            var harness = ClientHarness.Connected();
            Assert.Equal(ReasonCode.ProtocolError, harness.ReceiveOne<ClientDisconnected>(packet).Error!.Reason);
            Assert.Equal("DISCONNECT ProtocolError", harness.SentInShort());
        });
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.1-1")]
    public void Malformed_bytes_end_the_connection_with_their_reason()
    {
        var harness = ClientHarness.Connected();
        var error = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Client.ReceiveBytes([0xD1, 0x00]))).Error;
        Assert.Equal(ReasonCode.MalformedPacket, error!.Reason);
        Assert.Equal("DISCONNECT MalformedPacket", harness.SentInShort());

        harness = ClientHarness.Connected(ProtocolVersion.V311);
        Assert.IsType<ClientDisconnected>(Assert.Single(harness.Client.ReceiveBytes([0xD1, 0x00])));
        Assert.Empty(harness.Sent()); // 3.1.1 has no word for it.
    }

    [Fact]
    public void A_packet_above_the_announced_maximum_is_refused_by_its_header()
    {
        var harness = ClientHarness.Connected(new ConnectPacket { MaximumPacketSize = 100 });
        var error = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Client.ReceiveBytes([0x30, 0x7F]))).Error;
        Assert.Equal(ReasonCode.PacketTooLarge, error!.Reason);
    }

    [Fact]
    public void The_servers_DISCONNECT_and_a_lost_connection_are_told()
    {
        var harness = ClientHarness.Connected();
        var told = harness.ReceiveOne<ClientDisconnected>(new DisconnectPacket { ReasonCode = ReasonCode.SessionTakenOver });
        Assert.Equal(ReasonCode.SessionTakenOver, told.Packet!.ReasonCode);

        harness = ClientHarness.Connected();
        told = Assert.IsType<ClientDisconnected>(Assert.Single(harness.Client.ConnectionLost()));
        Assert.Null(told.Packet);
        Assert.Null(told.Error);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-5")]
    [Normative("5.0", "MQTT-4.12.0-6")]
    public void Authentication_goes_through_the_shell()
    {
        var harness = new ClientHarness();
        harness.Client.Connect(new ConnectPacket { AuthenticationMethod = "M" });
        harness.Sent();
        var challenge = new AuthPacket { ReasonCode = ReasonCode.ContinueAuthentication, AuthenticationMethod = "M", AuthenticationData = new byte[] { 1 } };
        Assert.Equal([1], harness.ReceiveOne<ClientAuthenticationRequested>(challenge).Packet.AuthenticationData!.Value.ToArray());
        harness.Client.Authenticate(challenge);
        harness.SentOne<AuthPacket>();
        harness.ReceiveOne<ClientConnected>(new ConnAckPacket { AuthenticationMethod = "M" });

        Assert.NotNull(harness.ReceiveOne<ClientDisconnected>(new AuthPacket { ReasonCode = ReasonCode.Success, AuthenticationMethod = "N" }).Error);
        Assert.NotNull(ClientHarness.Connected().ReceiveOne<ClientDisconnected>(challenge).Error);
    }

    [Fact]
    public void Calls_out_of_order_throw()
    {
        var client = new ClientConnection();
        Assert.Throws<InvalidOperationException>(() => client.Ping());
        Assert.Throws<InvalidOperationException>(() => client.Disconnect());
        Assert.Throws<InvalidOperationException>(() => client.Publish(ClientHarness.Message("a")));
        Assert.Throws<InvalidOperationException>(() => client.Subscribe([new Subscription { Filter = "a" }]));
        Assert.Throws<InvalidOperationException>(() => client.Resubscribe());
        client.Connect(new ConnectPacket());
        Assert.Throws<InvalidOperationException>(() => client.Connect(new ConnectPacket()));
        Assert.Throws<InvalidOperationException>(() => client.Ping());
        Assert.Throws<InvalidOperationException>(() => client.Authenticate(new AuthPacket()));
    }

    [Fact]
    public void Bytes_may_come_in_segments_and_leave_through_a_writer()
    {
        var harness = ClientHarness.Connected();
        var first = new Segment(new byte[] { 0xD0 }, null);
        var last = new Segment(new byte[] { 0x00 }, first);
        var bytes = new ReadOnlySequence<byte>(first, 0, last, 1);
        Assert.IsType<ClientPingResponse>(Assert.Single(harness.Client.ReceiveBytes(bytes)));

        harness.Client.Ping();
        Assert.True(harness.Client.HasOutboundData);
        var writer = new ArrayBufferWriter<byte>();
        harness.Client.GetOutboundData(writer);
        Assert.Equal(PacketEncoder.Encode(PingReqPacket.Instance, ProtocolVersion.V50), writer.WrittenSpan);
        Assert.False(harness.Client.HasOutboundData);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            if (before is not null)
            {
                before.Next = this;
            }
        }
    }
}
