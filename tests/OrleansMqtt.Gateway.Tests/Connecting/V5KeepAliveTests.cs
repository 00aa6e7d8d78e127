using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V5KeepAliveTests
{
    private static readonly Will Gone = new() { Topic = "will", Payload = "gone"u8.ToArray() };

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-22")]
    [Normative("5.0", "MQTT-3.2.2-22")]
    public async Task A_client_silent_for_one_and_a_half_times_its_keep_alive_is_closed_and_its_will_published()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync("will");
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, KeepAlive = 10, Will = Gone });
        Assert.Null(client.ConnAck!.ServerKeepAlive);

        broker.Time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        // Any packet starts the time anew.
        broker.Time.Advance(TimeSpan.FromSeconds(14));
        await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce);
        broker.Time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        await observer.ExpectNothingAsync();

        broker.Time.Advance(TimeSpan.FromSeconds(15));

        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-22")]
    public async Task A_keep_alive_of_zero_never_times_out()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true });

        broker.Time.Advance(TimeSpan.FromHours(30));

        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [Normative("5.0", "MQTT-3.1.2-21")]
    [Normative("5.0", "MQTT-3.2.2-21")]
    public async Task The_servers_keep_alive_takes_the_place_of_the_clients(ushort wish)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxKeepAliveSeconds = 10 });
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, KeepAlive = wish });
        Assert.Equal((ushort)10, client.ConnAck!.ServerKeepAlive);

        broker.Time.Advance(TimeSpan.FromSeconds(14));
        await client.ExpectNothingAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(15));

        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
    }
}
