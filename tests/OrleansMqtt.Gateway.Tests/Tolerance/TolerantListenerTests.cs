using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Tolerance;

public sealed class TolerantListenerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DUP_on_QoS_0_is_let_pass_and_counted_or_ends_the_connection(bool tolerant)
    {
        await using var broker = await TestBroker.StartAsync(tolerant: tolerant);
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("t");
        await client.SendAsync(new byte[] { 0x38, 5, 0, 1, (byte)'t', 0, (byte)'m' });

        if (!tolerant)
        {
            await client.ExpectDisconnectAsync(ReasonCode.MalformedPacket);
            return;
        }
        var received = await client.ReceivePublishAsync();
        Assert.Equal(("m", false), (received.Text(), received.Duplicate));
        Assert.Equal(1, broker.Metrics.Tolerated);
    }

    [Fact]
    public async Task Exceeding_the_receive_maximum_is_let_pass_and_counted_each_time()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 2 }, tolerant: true);
        var client = await broker.ConnectAsync("c");
        for (ushort i = 1; i <= 5; i++)
        {
            await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = i });
            await client.ExpectAsync(PacketType.PubRec, i, ReasonCode.NoMatchingSubscribers);
        }

        Assert.Equal(3, broker.Metrics.Tolerated);
        for (ushort i = 1; i <= 5; i++)
        {
            await client.AcknowledgeAsync(PacketType.PubRel, i);
            await client.ExpectAsync(PacketType.PubComp, i);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_identifier_of_a_3_1_client_is_let_pass_and_counted_or_refused(bool tolerant)
    {
        await using var broker = await TestBroker.StartAsync(tolerant: tolerant);
        var client = broker.Open(ProtocolVersion.V31);
        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V31, ClientId = new string('x', 24), CleanStart = true });

        if (!tolerant)
        {
            Assert.Equal(ReasonCode.ClientIdentifierNotValid, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await client.ExpectClosedAsync();
            return;
        }
        Assert.Equal(ReasonCode.Success, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        Assert.Equal(1, broker.Metrics.Tolerated);
    }

    [Fact]
    public async Task Any_other_breach_ends_the_connection_all_the_same()
    {
        await using var broker = await TestBroker.StartAsync(tolerant: true);
        var client = await broker.ConnectAsync("c");
        await client.SendAsync(new byte[] { 0x36, 5, 0, 1, (byte)'t', 0, (byte)'m' });

        await client.ExpectDisconnectAsync(ReasonCode.MalformedPacket);
        Assert.Equal(0, broker.Metrics.Tolerated);
    }
}
