using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V5ErrorTests
{
    [Theory]
    [InlineData("C1 00", ReasonCode.MalformedPacket)] // PINGREQ with a flag
    [InlineData("C0 80 00", ReasonCode.MalformedPacket)] // a length that is not minimal
    [InlineData("36 06 00 01 61 00 01 00", ReasonCode.MalformedPacket)] // QoS 3
    [InlineData("32 06 00 01 61 00 00 00", ReasonCode.ProtocolError)] // packet identifier 0
    [InlineData("82 07 00 00 00 00 01 61 00", ReasonCode.ProtocolError)]
    [InlineData("A2 06 00 00 00 00 01 61", ReasonCode.ProtocolError)]
    [InlineData("30 05 00 02 61 23 00", ReasonCode.TopicNameInvalid)] // a#
    [InlineData("30 07 00 01 61 03 23 00 00", ReasonCode.TopicAliasInvalid)] // alias 0
    [InlineData("30 06 00 01 61 02 0B 01", ReasonCode.ProtocolError)] // a subscription identifier
    [InlineData("80 07 00 01 00 00 01 61 00", ReasonCode.MalformedPacket)] // SUBSCRIBE without its flags
    [InlineData("82 07 00 01 00 00 01 61 40", ReasonCode.MalformedPacket)] // reserved option bits
    [InlineData("82 0B 00 01 00 00 0A 24 73 68 61 72 65", ReasonCode.MalformedPacket)] // filter cut off
    [InlineData("60 02 00 01", ReasonCode.MalformedPacket)] // PUBREL without its flags
    [InlineData("40 03 00 01 01", ReasonCode.ProtocolError)] // PUBACK with no code of its own
    [InlineData("E1 00", ReasonCode.MalformedPacket)]
    [InlineData("20 03 00 00 00", ReasonCode.ProtocolError)] // CONNACK from a client
    [InlineData("90 04 00 01 00 00", ReasonCode.ProtocolError)]
    [InlineData("B0 04 00 01 00 00", ReasonCode.ProtocolError)]
    [InlineData("D0 00", ReasonCode.ProtocolError)]
    [Normative("5.0", "MQTT-4.13.1-1")]
    [Normative("5.0", "MQTT-4.13.2-1")]
    [Normative("5.0", "MQTT-2.2.1-3")]
    public async Task A_breach_of_the_protocol_ends_the_connection_with_its_reason_code_and_harms_no_one_else(string bytes, ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync();
        var other = await broker.ConnectAsync("other");
        var client = await broker.ConnectAsync("client");

        await client.SendAsync(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        await client.ExpectDisconnectAsync(reason);
        await other.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.2-2")]
    public async Task A_session_expiry_in_disconnect_that_was_zero_at_connect_is_a_protocol_error_answered_without_one()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 60 });

        var disconnect = await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
        Assert.Null(disconnect!.SessionExpiryInterval);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.13.2-1")]
    public async Task A_client_that_says_goodbye_with_an_error_is_closed_and_its_will_published()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync("will");
        var client = await broker.ConnectAsync("client", will: new Will { Topic = "will", Payload = "gone"u8.ToArray() });

        await client.DisconnectAsync(ReasonCode.UnspecifiedError);

        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.4-1")]
    [Normative("5.0", "MQTT-3.14.4-2")]
    public async Task A_disconnect_is_the_last_packet_even_with_messages_on_their_way()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, ReceiveMaximum = 1 });
        await client.SubscribeAsync("a");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("a", $"{i}", QualityOfService.AtLeastOnce);
        await client.ReceiveAsync<PublishPacket>();

        await broker.ConnectAsync("client");

        // The client's own side stays open; the server closes all the same.
        await client.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.4-1")]
    [Normative("5.0", "MQTT-3.14.4-2")]
    public async Task A_gateway_that_stops_says_goodbye_and_closes()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        var stopped = broker.StopAsync();

        await client.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
        await stopped;
    }
}
