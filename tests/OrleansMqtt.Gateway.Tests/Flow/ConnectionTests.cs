using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task A_silent_client_is_closed_after_one_and_a_half_times_its_keep_alive(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { Version = version, ClientId = "c", KeepAlive = 10 });
        broker.Time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        // The PINGREQ has started the time anew.
        broker.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(1, broker.Metrics.Connected);
        broker.Time.Advance(TimeSpan.FromSeconds(1));

        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
    }

    [Fact]
    public async Task What_the_broker_sends_does_not_keep_a_client_alive()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", KeepAlive = 10 });
        await client.SubscribeAsync("t", QualityOfService.AtMostOnce);
        await client.SettledAsync();
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 3; i++)
        {
            broker.Time.Advance(TimeSpan.FromSeconds(5));
            await publisher.PublishAsync("t", "m", QualityOfService.AtLeastOnce);
            if (i < 2) Assert.Equal("m", (await client.ReceivePublishAsync()).Text());
        }

        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    public async Task Keep_alive_zero_never_ends_a_connection_and_the_longest_lasts_its_time(ushort keepAlive)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "c", KeepAlive = keepAlive });
        await client.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(98_302));
        Assert.Equal(1, broker.Metrics.Connected);
        broker.Time.Advance(TimeSpan.FromSeconds(1));

        if (keepAlive == 0) await client.ExpectNothingAsync();
        else await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(61, 60)]
    [InlineData(60, null)]
    [InlineData(10, null)]
    public async Task The_server_shortens_a_keep_alive_over_its_maximum_and_says_so(ushort wish, int? granted)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxKeepAliveSeconds = 60 });
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", KeepAlive = wish });

        Assert.Equal((ushort?)granted, client.ConnAck!.ServerKeepAlive);
        await client.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds((granted ?? wish) * 1.5));
        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_without_CONNECT_is_closed_after_the_limit(bool halfPacket)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ConnectTimeoutSeconds = 5 });
        var silent = broker.Open();
        if (halfPacket) await silent.SendAsync(new byte[] { 0x10, 0x20, 0, 4, (byte)'M' });
        // Connections are accepted one after the other: when this one is served, so is the silent one.
        await broker.ConnectAsync("c");
        broker.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, broker.Metrics.Accepted);
        broker.Time.Advance(TimeSpan.FromSeconds(1));

        await silent.ExpectClosedAsync();
        Assert.Equal(1, broker.Metrics.Connected);
    }

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task A_stop_says_goodbye_to_every_client(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();
        var clients = new List<TestClient>();
        for (var i = 0; i < 5; i++) clients.Add(await broker.ConnectAsync($"c{i}", version));
        await broker.StopAsync();

        foreach (var client in clients) await client.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
        Assert.Equal(0, broker.Metrics.Connected);
    }

    [Theory]
    [InlineData(true, "responses/c/")]
    [InlineData(false, null)]
    [InlineData(null, null)]
    public async Task Response_information_is_given_to_those_who_ask(bool? asked, string? expected)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", RequestResponseInformation = asked });

        Assert.Equal(expected, client.ConnAck!.ResponseInformation);
    }
}
