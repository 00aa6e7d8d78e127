using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V311ConnectTests
{
    private const string Characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    [Theory]
    [InlineData("C000")]
    [InlineData("3005 0003 612F62")]
    [InlineData("8208 0001 0003 612F62 00")]
    [InlineData("E000")]
    [Normative("3.1.1", "MQTT-3.1.0-1")]
    public async Task A_first_packet_that_is_not_CONNECT_closes_the_connection_without_a_byte_and_without_effect(string first)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("#");
        using var raw = new RawClient(broker);

        await raw.SendAsync(first);

        await raw.ExpectClosedAsync();
        await observer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData("first")]
    [InlineData("other")]
    [Normative("3.1.1", "MQTT-3.1.0-2")]
    public async Task A_second_CONNECT_closes_the_connection_as_a_violation_and_the_will_is_published(string clientId)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("will");
        var client = await broker.ConnectV311Async("first", will: V311Extensions.Will("will", "gone"));

        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = clientId, CleanStart = true });

        await client.ExpectClosedAsync();
        await observer.ExpectPublishAsync("will", "gone");
    }

    [Theory]
    [InlineData("MQTX", 4)]
    [InlineData("mqtt", 4)]
    [InlineData("MQTTX", 4)]
    [InlineData("", 4)]
    [Normative("3.1.1", "MQTT-3.1.2-1")]
    [Normative("3.1.1", "MQTT-3.1.4-1")]
    public async Task A_wrong_protocol_name_closes_the_connection_without_CONNACK(string name, byte level)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect(name: name, level: level));

        await raw.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("MQTT", 0)]
    [InlineData("MQTT", 2)]
    [InlineData("MQTT", 3)]
    [InlineData("MQTT", 6)]
    [InlineData("MQIsdp", 4)]
    [Normative("3.1.1", "MQTT-3.1.2-2")]
    [Normative("3.1.1", "MQTT-3.2.2-5")]
    public async Task An_unsupported_protocol_level_is_answered_with_return_code_1(string name, byte level)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect(name: name, level: level));

        await raw.ExpectClosedAsync("20 02 00 01");
    }

    public static TheoryData<string, string> MalformedConnects => new()
    {
        { "reserved flag", RawClient.Connect(flags: 0x03) },
        { "will QoS 3", RawClient.Connect(flags: 0x1E, rest: RawClient.Text("t") + RawClient.Text("m")) },
        { "will retain without will", RawClient.Connect(flags: 0x22) },
        { "password without user name", RawClient.Connect(flags: 0x42, rest: RawClient.Text("p")) },
        { "bytes after the last field", RawClient.Connect(rest: "00") },
        { "user name missing", RawClient.Connect(flags: 0x82) },
        { "ends inside the client identifier", "100D 0004 4D515454 04 02 0000 0005 61" },
        { "client identifier with U+0000", "100F 0004 4D515454 04 02 0000 0003 610062" },
        { "flags of the fixed header", "110D 0004 4D515454 04 02 0000 0001 61" },
        { "remaining length of five bytes", "10 8080808001" },
        { "remaining length over the limit", "10 FFFFFF7F" },
    };

    [Theory]
    [MemberData(nameof(MalformedConnects))]
    [Normative("3.1.1", "MQTT-3.1.4-1")]
    [Normative("3.1.1", "MQTT-3.2.2-6")]
    public async Task A_malformed_CONNECT_closes_the_connection_without_CONNACK(string what, string packet)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(packet);

        await raw.ExpectClosedAsync();
        Assert.Equal((what, 0), (what, broker.Metrics.Connected));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.2.2-6")]
    public async Task A_client_that_does_not_send_CONNECT_in_time_is_closed_without_a_byte()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ConnectTimeoutSeconds = 5 });
        // The broker has accepted the first connection when it has answered the second.
        using var raw = new RawClient(broker);
        await broker.ConnectV311Async("barrier");

        broker.Time.Advance(TimeSpan.FromSeconds(6));

        await raw.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [Normative("3.1.1", "MQTT-3.1.4-4")]
    [Normative("3.1.1", "MQTT-3.2.0-1")]
    [Normative("3.1.1", "MQTT-3.2.2-1")]
    [Normative("3.1.1", "MQTT-3.2.2-3")]
    public async Task A_new_client_is_answered_with_CONNACK_0_and_session_present_0_first_of_all(byte flags)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect(flags: flags) + "C000");

        await raw.ExpectAsync("20 02 00 00 D0 00");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-5")]
    public async Task Client_identifiers_of_1_to_23_letters_and_digits_are_allowed()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var character in Characters)
            foreach (var length in (int[])[1, 23])
            {
                using var raw = new RawClient(broker);
                await raw.SendAsync(RawClient.Connect(new string(character, length)));
                await raw.ExpectAsync("20 02 00 00");
            }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-6")]
    public async Task Clients_without_identifier_each_get_one_of_their_own()
    {
        await using var broker = await TestBroker.StartAsync();
        var first = await broker.ConnectV311Async("");
        var second = await broker.ConnectV311Async("");
        await first.SubscribeAsync("t");
        await second.SubscribeAsync("t");

        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "both");

        await first.ExpectPublishAsync("t", "both");
        await second.ExpectPublishAsync("t", "both");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.3-7")]
    [Normative("3.1.1", "MQTT-3.1.3-8")]
    [Normative("3.1.1", "MQTT-3.1.3-9")]
    [Normative("3.1.1", "MQTT-3.2.2-5")]
    public async Task An_empty_client_identifier_with_CleanSession_0_is_rejected_with_return_code_2()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect("", flags: 0x00));

        await raw.ExpectClosedAsync("20 02 00 02");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.2.2-4")]
    [Normative("3.1.1", "MQTT-3.2.2-5")]
    public async Task A_refusal_says_session_present_0_though_there_is_a_session()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnections = 1 });
        await (await broker.ResumeV311Async("kept")).DisconnectAsync();
        await broker.ConnectV311Async("the only one");
        using var raw = new RawClient(broker);

        await raw.SendAsync(RawClient.Connect("kept", flags: 0x00));

        await raw.ExpectClosedAsync("20 02 00 03");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.4-5")]
    public async Task Nothing_that_follows_a_refused_CONNECT_is_processed()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("#");
        using var raw = new RawClient(broker);

        var refused = RawClient.Connect("", flags: 0x04, rest: RawClient.Text("will") + RawClient.Text("gone"));
        await raw.SendAsync(refused + "3005 0003 612F62" + "320A 0003 612F62 0001 787878" + "C000");

        await raw.ExpectClosedAsync("20 02 00 02");
        await observer.ExpectNothingAsync();
        Assert.Equal(0, broker.Metrics.PublishesReceived);
    }
}
