using OrleansMqtt.Gateway.Faults;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Faults;

/// <summary>What clients of a listener with faults get, to the byte.</summary>
public sealed class FaultTests : IDisposable
{
    private const string Subscribe = "8206 0001 000161 00";
    private const string SubAck = "9003 0001 00";
    private const string Publish = "3006 000161 78797A";
    private const string Ping = "C000", Pong = "D000";
    private readonly FaultFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SUBACK_comes_behind_the_first_PUBLISH()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { PublishBeforeSubAck = true });
        using var client = await ConnectAsync(broker, "subscriber");
        await client.SendAsync(Subscribe + Ping);
        // The subscription is made, and only its answer waits.
        await client.ExpectAsync(Pong);
        await client.SendAsync(Publish);
        await client.ExpectAsync(Publish + SubAck);
        // The first one alone.
        await client.SendAsync(Publish);
        await client.ExpectAsync(Publish);
    }

    [Fact]
    public async Task Who_goes_on_subscribing_without_an_answer_is_closed()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { PublishBeforeSubAck = true });
        using var client = await ConnectAsync(broker, "subscriber");
        for (var i = 0; i < FaultInjector.MostHeld; i++) await client.SendAsync(Subscribe);
        await client.SendAsync(Ping);
        await client.ExpectAsync(Pong);
        await client.SendAsync(Subscribe);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_PUBLISH_lacks_its_end_and_the_connection_too_while_others_go_on()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ShortPublish = true });
        using var subscriber = await ConnectAsync(broker, "subscriber");
        using var publisher = await ConnectAsync(broker, "publisher");
        await subscriber.SendAsync(Subscribe);
        await subscriber.ExpectAsync(SubAck);
        await publisher.SendAsync(Publish);
        await subscriber.ExpectClosedAsync("3006 000161 78");
        await publisher.SendAsync(Ping);
        await publisher.ExpectAsync(Pong);
    }

    [Fact]
    public async Task A_PUBLISH_has_a_remaining_length_that_is_none()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ExcessiveRemaining = true });
        using var client = await ConnectAsync(broker, "subscriber");
        await client.SendAsync(Subscribe);
        await client.ExpectAsync(SubAck);
        await client.SendAsync(Publish);
        await client.ExpectAsync("30 FFFFFF80 000161 78797A");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(255)]
    public async Task A_client_of_3_1_1_is_refused_with_any_code(byte code)
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ErrorConnAck = code });
        using var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("refused"));
        await client.ExpectClosedAsync($"200200{code:X2}");
    }

    [Theory]
    [InlineData(1, ReasonCode.UnsupportedProtocolVersion)]
    [InlineData(2, ReasonCode.ClientIdentifierNotValid)]
    [InlineData(3, ReasonCode.ServerUnavailable)]
    [InlineData(4, ReasonCode.BadUserNameOrPassword)]
    [InlineData(5, ReasonCode.NotAuthorized)]
    [InlineData(6, ReasonCode.UnspecifiedError)]
    [InlineData(0x8A, ReasonCode.Banned)]
    [InlineData(0x92, ReasonCode.UnspecifiedError)]
    public async Task A_client_of_5_0_is_refused_with_what_5_0_has_for_the_code(byte code, ReasonCode expected)
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ErrorConnAck = code });
        var client = broker.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "refused" });
        Assert.Equal(expected, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Who_is_refused_takes_nobodys_session_over()
    {
        await using var broker = await _folder.StartAsync(hasFile: true);
        _folder.Write("mqttd.config", "");
        using var served = await ConnectAsync(broker, "one");
        _folder.Write("mqttd.config", "error-CONNACK 5\n");
        using var refused = new RawClient(broker);
        await refused.SendAsync(RawClient.Connect("one"));
        await refused.ExpectClosedAsync("20020005");
        await served.SendAsync(Ping);
        await served.ExpectAsync(Pong);
    }

    [Theory]
    [InlineData(3, "MQIsdp")]
    [InlineData(4, "MQTT")]
    [InlineData(5, "MQTT")]
    public async Task A_client_of_another_version_is_closed_without_a_word(byte level, string name)
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { Version = level });
        foreach (var other in new byte[] { 3, 4, 5 }.Where(other => other != level))
        {
            using var wrong = new RawClient(broker);
            await wrong.SendAsync(RawClient.Connect("wrong", level: other, name: other == 3 ? "MQIsdp" : "MQTT"));
            await wrong.ExpectClosedAsync();
        }
        using var right = new RawClient(broker);
        await right.SendAsync(RawClient.Connect("right", level: level, name: name, flags: 0x02));
        // A 5.0 CONNECT needs properties, which are not there: that is for the broker to say, who has got it.
        if (level == 5) await right.ExpectAsync("20");
        else await right.ExpectAsync("20020000");
    }

    [Fact]
    public async Task CONNACK_announces_another_length()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ConnAckRemaining = 3 });
        await ExpectConnAckAsync(broker, "20030000");
    }

    [Fact]
    public async Task A_CONNACK_of_5_0_announces_another_length_before_all_its_properties()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { ConnAckRemaining = 3 });
        using var client = new RawClient(broker);
        await client.SendAsync("100D 0004 4D515454 05 02 0000 00 0000");
        await client.ExpectAsync("2003 0000");
        Assert.StartsWith("server CONNACK 3 20030000", _folder.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CONNACK_bears_the_type_of_PINGRESP()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { PingRespAsConnAck = true });
        await ExpectConnAckAsync(broker, "D0020000");
        Assert.Equal("server PINGRESP-as-CONNACK 2 d0020000", _folder.Lines[1]);
    }

    [Fact]
    public async Task DISCONNECT_has_a_body_that_is_none()
    {
        await using var broker = await _folder.StartAsync(new FaultProfile { MalformedDisconnect = true });
        var client = await broker.ConnectAsync("twice");
        // [MQTT-3.1.0-2]: a protocol error, which the broker answers with DISCONNECT.
        await client.SendAsync(new ConnectPacket { ClientId = "twice" });
        var goodbye = await client.ReceiveAsync<DisconnectPacket>();
        Assert.Equal("E0020000", Convert.ToHexString(client.LastBytes.Span));
        Assert.Equal(ReasonCode.NormalDisconnection, goodbye.ReasonCode);
        Assert.Equal("server DISCONNECT-malformed 2 e0020000", _folder.Lines[^1]);
    }

    [Fact]
    public async Task Faults_stand_behind_a_PROXY_header()
    {
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { ProxyProtocol = true, Faults = new() { Profile = new() { ErrorConnAck = 2 } } });
        using var client = new RawClient(broker);
        await client.SendAsync(Convert.ToHexString("PROXY TCP4 192.0.2.1 198.51.100.2 56324 1883\r\n"u8) + RawClient.Connect("behind"));
        await client.ExpectClosedAsync("20020002");
    }

    private static async Task ExpectConnAckAsync(TestBroker broker, string expected)
    {
        using var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect("raw"));
        await client.ExpectAsync(expected);
        await client.SendAsync(Ping);
        await client.ExpectAsync(Pong);
    }

    private static async Task<RawClient> ConnectAsync(TestBroker broker, string clientId)
    {
        var client = new RawClient(broker);
        await client.SendAsync(RawClient.Connect(clientId));
        await client.ExpectAsync("20020000");
        return client;
    }
}
