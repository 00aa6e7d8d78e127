using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V311DisconnectTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-3.1.4-2")]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    public async Task A_client_that_connects_again_takes_the_place_of_its_former_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("will");
        var former = await broker.ConnectV311Async("x", will: V311Extensions.Will("will", "former"));

        var present = await broker.ConnectV311Async("x");

        await former.ExpectClosedAsync();
        await observer.ExpectPublishAsync("will", "former");
        await present.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("20 02 00 00")]
    [InlineData("90 03 00 01 00")]
    [InlineData("B0 02 00 01")]
    [InlineData("D0 00")]
    [InlineData("F0 00")]
    [InlineData("00 00")]
    [InlineData("C0 01 00")]
    [InlineData("E1 00")]
    [InlineData("36 05 00 01 74 00 01")]
    [Normative("3.1.1", "MQTT-4.8.0-1")]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    public async Task A_protocol_violation_closes_this_connection_and_publishes_its_will(string packet)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("#");
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect(flags: 0x06, rest: RawClient.Text("will") + RawClient.Text("violated")));
        await raw.ExpectAsync("20 02 00 00");

        await raw.SendAsync(packet);

        await raw.ExpectClosedAsync();
        await observer.ExpectPublishAsync("will", "violated");
        await observer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.14.4-1")]
    [Normative("3.1.1", "MQTT-3.14.4-2")]
    public async Task After_DISCONNECT_the_server_processes_nothing_more_and_closes()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("#");
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect());
        await raw.ExpectAsync("20 02 00 00");

        await raw.SendAsync("E0 00" + "30 05 0003 612F62" + "C0 00");

        await raw.ExpectClosedAsync();
        await observer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.12.4-1")]
    public async Task PINGREQ_is_answered_also_while_the_client_acknowledges_nothing()
    {
        await using var broker = await TestBroker.StartAsync(new() { Session = new() { MaxInflightMessages = 1 } });
        var client = await broker.ConnectV311Async("client");
        await client.SubscribeAsync("t");
        var publisher = await broker.ConnectV311Async("publisher");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
        var first = await client.ReceiveAsync<PublishPacket>();

        await client.SendAsync(PingReqPacket.Instance);

        await client.ReceiveAsync<PingRespPacket>();
        Assert.Equal("0", first.Text());
    }
}
