using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V5RefusalTests
{
    private static readonly ConnectPacket WithMethod = new()
    {
        ClientId = "refused",
        CleanStart = true,
        AuthenticationMethod = "unknown",
        Will = new Will { Topic = "will", Payload = "must not come"u8.ToArray() },
    };

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-2")]
    [Normative("5.0", "MQTT-3.2.2-6")]
    [Normative("5.0", "MQTT-3.2.2-7")]
    [Normative("5.0", "MQTT-4.13.2-1")]
    public async Task A_refused_client_is_told_the_reason_without_session_present_and_is_disconnected()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnections = 1 });
        await broker.LeaveAsync(await broker.ConnectAsync("client", sessionExpiry: 60), "client");
        await broker.ConnectAsync("the only one");

        var client = broker.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "client", SessionExpiryInterval = 60 });

        var connAck = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal((ReasonCode.ServerBusy, false), (connAck.ReasonCode, connAck.SessionPresent));
        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-1")]
    public async Task An_authentication_method_that_is_not_supported_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync(WithMethod);

        Assert.Equal(ReasonCode.BadAuthenticationMethod, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-6")]
    [Normative("5.0", "MQTT-3.1.2-30")]
    public async Task Nothing_that_follows_a_refused_connect_is_processed()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync("#");
        var client = broker.Open();

        await client.SendAsync((byte[])[
            .. PacketEncoder.Encode(WithMethod, ProtocolVersion.V50),
            .. PacketEncoder.Encode(new PublishPacket { Topic = "a", Retain = true, Payload = "x"u8.ToArray() }, ProtocolVersion.V50),
            .. PacketEncoder.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] }, ProtocolVersion.V50)]);

        Assert.True((await client.ReceiveAsync<ConnAckPacket>()).ReasonCode >= ReasonCode.UnspecifiedError);
        await client.ExpectClosedAsync();
        await observer.PublishAsync("marker", "marker");
        Assert.Equal("marker", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-19")]
    [Normative("5.0", "MQTT-3.2.2-20")]
    public async Task A_refusal_leaves_its_text_out_when_the_client_takes_only_small_packets()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync(new ConnectPacket { ClientId = "refused", CleanStart = true, AuthenticationMethod = "unknown", MaximumPacketSize = 10 });

        var connAck = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal(ReasonCode.BadAuthenticationMethod, connAck.ReasonCode);
        Assert.Null(connAck.ReasonString);
        Assert.Empty(connAck.UserProperties);
        Assert.True(client.LastBytes.Length <= 10);
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(ReasonCode.ContinueAuthentication)]
    [InlineData(ReasonCode.ReAuthenticate)]
    [Normative("5.0", "MQTT-4.12.0-7")]
    [Normative("5.0", "MQTT-4.13.2-1")]
    public async Task Auth_on_a_connection_without_a_method_is_a_protocol_error(ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        await client.SendAsync(new AuthPacket { ReasonCode = reason, AuthenticationMethod = "m" });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }
}
