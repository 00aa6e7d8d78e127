using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class ServerConnectionTests(ITestOutputHelper output)
{
    private static readonly ConnectPacket Connect = new() { Version = ProtocolVersion.V50, ClientId = "c" };

    [Fact]
    public void Reading_pauses_after_CONNECT_until_it_is_accepted()
    {
        var harness = new ServerHarness();
        Assert.Null(harness.Receive(Connect, Publish("t", "m")));
        Assert.Equal(["CONNECT c"], harness.Told);
        Assert.Equal((ConnectionPhase.Connecting, true), (harness.Connection.Phase, harness.Connection.Paused));

        harness.Connection.Accept();
        Assert.Null(harness.Receive((byte[])[]));

        Assert.Equal(["CONNECT c", "PUBLISH t m"], harness.Told);
        Assert.Equal(0, harness.Unread);
    }

    [Fact]
    public void The_first_packet_must_be_CONNECT()
    {
        var harness = new ServerHarness();

        Assert.Equal(ReasonCode.ProtocolError, harness.Receive(PingReqPacket.Instance)?.Reason);
        Assert.Equal((false, ConnectionPhase.Closed), (harness.Connection.ConnectSeen, harness.Connection.Phase));
    }

    [Fact]
    public void A_malformed_5_0_CONNECT_is_known_as_one()
    {
        var harness = new ServerHarness();
        var bytes = PacketEncoder.Encode(Connect, ProtocolVersion.V50);
        bytes[9] |= 1;

        Assert.Equal(ReasonCode.MalformedPacket, harness.Receive(bytes)?.Reason);
        Assert.Equal((true, ProtocolVersion.V50), (harness.Connection.ConnectSeen, harness.Connection.Version));
    }

    [Fact]
    public void A_second_CONNECT_and_what_only_servers_send_are_errors()
    {
        Assert.Equal(ReasonCode.ProtocolError, ServerHarness.Connected().Receive(Connect)?.Reason);
        foreach (var packet in (Packet[])[new ConnAckPacket(), PingRespPacket.Instance, new SubAckPacket { PacketId = 1, ReasonCodes = [0] }, new UnsubAckPacket { PacketId = 1, ReasonCodes = [0] }])
        {
            var harness = ServerHarness.Connected();
            Assert.Equal(ReasonCode.ProtocolError, harness.Receive(packet)?.Reason);
            Assert.Empty(harness.Told);
        }
    }

    [Fact]
    public void Nothing_is_read_behind_DISCONNECT_or_an_error()
    {
        var harness = ServerHarness.Connected();
        Assert.Null(harness.Receive(new DisconnectPacket(), PingReqPacket.Instance));
        Assert.Equal(["DISCONNECT 0x00"], harness.Told);
        harness = ServerHarness.Connected();
        harness.Answer = new ProtocolError(ReasonCode.QuotaExceeded, "the owner's");

        Assert.Equal(ReasonCode.QuotaExceeded, harness.Receive(Publish("t", "1"), Publish("t", "2"))?.Reason);
        Assert.Equal(["PUBLISH t 1"], harness.Told);
        Assert.Null(harness.Receive(Publish("t", "3")));
        Assert.Single(harness.Told);
    }

    [Fact]
    public void A_pause_takes_effect_behind_the_present_packet()
    {
        var harness = ServerHarness.Connected();
        harness.Published = harness.Connection.Pause;
        harness.Receive(Publish("t", "1"), Publish("t", "2"));
        Assert.Equal(["PUBLISH t 1"], harness.Told);
        harness.Connection.Resume();
        harness.Receive((byte[])[]);

        Assert.Equal(["PUBLISH t 1", "PUBLISH t 2"], harness.Told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)] // every packet straddles segments
    [InlineData(1000)]
    public void A_pause_behind_a_series_lets_packets_of_the_same_type_pass_and_no_other(int segmentLength)
    {
        var harness = ServerHarness.Connected();
        harness.Subscribed = () => harness.Connection.PauseBehindSeries(PacketType.Subscribe);
        var bytes = new Packet[] { Subscribe(1), Subscribe(2), Publish("t", "m"), Subscribe(3) }.SelectMany(packet => PacketEncoder.Encode(packet, ProtocolVersion.V50)).ToArray();
        Assert.Null(harness.Receive(Segments.Split(bytes, [.. Enumerable.Range(1, (bytes.Length - 1) / segmentLength).Select(i => i * segmentLength)])));
        Assert.Equal(["SUBSCRIBE 1", "SUBSCRIBE 2"], harness.Told);
        Assert.True(harness.Connection.Paused);
        harness.Connection.Resume();
        Assert.Null(harness.Receive((byte[])[]));
        Assert.Equal(["SUBSCRIBE 1", "SUBSCRIBE 2", "PUBLISH t m", "SUBSCRIBE 3"], harness.Told);

        Assert.True(harness.Connection.Paused);
        Assert.Equal(0, harness.Unread);
    }

    [Fact]
    public void A_series_ends_with_the_input_at_hand()
    {
        var harness = ServerHarness.Connected();
        harness.Subscribed = () => harness.Connection.PauseBehindSeries(PacketType.Subscribe);
        var second = PacketEncoder.Encode(Subscribe(2), ProtocolVersion.V50);
        Assert.Null(harness.Receive([.. PacketEncoder.Encode(Subscribe(1), ProtocolVersion.V50), .. second[..4]]));
        Assert.True(harness.Connection.Paused);
        Assert.Null(harness.Receive(second[4..]));
        Assert.Equal(["SUBSCRIBE 1"], harness.Told);
        harness.Connection.Resume();
        Assert.Null(harness.Receive((byte[])[]));

        Assert.Equal(["SUBSCRIBE 1", "SUBSCRIBE 2"], harness.Told);
    }

    [Fact]
    public void Each_acknowledgement_is_reported_with_its_reason()
    {
        var harness = ServerHarness.Connected();
        harness.Receive(
            new AcknowledgementPacket(PacketType.PubAck) { PacketId = 1 }, new AcknowledgementPacket(PacketType.PubRec) { PacketId = 2, ReasonCode = ReasonCode.QuotaExceeded },
            new AcknowledgementPacket(PacketType.PubRel) { PacketId = 3 }, new AcknowledgementPacket(PacketType.PubComp) { PacketId = 4, ReasonCode = ReasonCode.PacketIdentifierNotFound });

        Assert.Equal(["PubAck 1 0x00", "PubRec 2 0x97", "PubRel 3 0x00", "PubComp 4 0x92"], harness.Told);
    }

    [Fact]
    public void The_receive_maximum_counts_what_is_not_acknowledged()
    {
        var harness = ServerHarness.Connected(new ServerConnectionOptions { ReceiveMaximum = 2 });
        Assert.Null(harness.Receive(Publish("t", "1", 1), Publish("t", "2", 2), Publish("t", "QoS 0")));
        Assert.Equal(2, harness.Connection.Unacknowledged);
        harness.Connection.Acknowledged();
        Assert.Null(harness.Receive(Publish("t", "3", 3)));

        Assert.Equal(ReasonCode.ReceiveMaximumExceeded, harness.Receive(Publish("t", "4", 4))?.Reason);
        Assert.Equal(4, harness.Told.Count);
    }

    [Theory]
    [InlineData(ProtocolVersion.V31, false, 0)]
    [InlineData(ProtocolVersion.V311, false, 0)]
    [InlineData(ProtocolVersion.V50, true, 1)]
    public void A_3_x_client_is_not_bound_by_it_and_a_tolerated_one_is_counted(ProtocolVersion version, bool tolerant, int tolerated)
    {
        var harness = ServerHarness.Connected(new ServerConnectionOptions { ReceiveMaximum = 1, Tolerant = tolerant }, version);

        Assert.Null(harness.Receive(Publish("t", "1", 1), Publish("t", "2", 2)));
        Assert.Equal(tolerated, harness.Told.Count(t => t == "tolerated ReceiveMaximumExceeded"));
        Assert.Equal(2, harness.Told.Count(t => t.StartsWith("PUBLISH", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_oversized_packet_is_refused_by_its_header_alone()
    {
        var harness = ServerHarness.Connected(new ServerConnectionOptions { MaximumPacketSize = 100 });

        Assert.Equal(ReasonCode.PacketTooLarge, harness.Receive(0x30, 99)?.Reason);
        harness = ServerHarness.Connected(new ServerConnectionOptions { MaximumPacketSize = 100 });
        Assert.Null(harness.Receive(0x30, 98));
        Assert.Equal(ReasonCode.PacketTooLarge, new ServerHarness(new ServerConnectionOptions { MaximumConnectPacketSize = 50 }).Receive(0x10, 49)?.Reason);
    }

    [Fact]
    public void However_the_bytes_are_cut_the_reports_are_the_same()
    {
        var random = new Random(TestSeed.Take(output));
        for (var run = 0; run < 200; run++)
        {
            var packets = new List<Packet>();
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                packets.Add(random.Next(4) switch
                {
                    0 => Publish("topic", new string('x', random.Next(2000)), (ushort)random.Next(3)),
                    1 => new AcknowledgementPacket(PacketType.PubAck) { PacketId = (ushort)random.Next(1, 100) },
                    2 => new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "f" }] },
                    _ => PingReqPacket.Instance,
                });
            }
            var bytes = packets.SelectMany(p => PacketEncoder.Encode(p, ProtocolVersion.V50)).ToArray();
            var (whole, cut) = (ServerHarness.Connected(), ServerHarness.Connected());
            Assert.Null(whole.Receive(bytes));
            for (var start = 0; start < bytes.Length;)
            {
                // What arrives at once lies in segments of its own.
                var end = Math.Min(bytes.Length, start + random.Next(1, 500));
                byte[] input = [.. cut.TakeUnread(), .. bytes[start..end]];
                var cuts = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(input.Length + 1)).Order().ToArray();
                Assert.Null(cut.Receive(Segments.Split(input, cuts)));
                start = end;
            }

            Assert.Equal(whole.Told, cut.Told);
            Assert.Equal(0, cut.Unread);
        }
    }

    private static SubscribePacket Subscribe(ushort packetId) => new() { PacketId = packetId, Subscriptions = [new Subscription { Filter = "t" }] };

    private static PublishPacket Publish(string topic, string text, ushort packetId = 0) => new()
    {
        Topic = topic, Payload = Encoding.UTF8.GetBytes(text), QoS = packetId == 0 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce, PacketId = packetId,
    };
}
