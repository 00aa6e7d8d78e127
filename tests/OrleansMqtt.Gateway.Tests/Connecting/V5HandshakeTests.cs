using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V5HandshakeTests
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-5")]
    [Normative("5.0", "MQTT-4.12.0-6")]
    public async Task A_valid_connect_is_answered_with_success_and_no_authentication_method()
    {
        await using var broker = await TestBroker.StartAsync();

        var client = await broker.ConnectAsync("client");

        Assert.Equal(ReasonCode.Success, client.ConnAck!.ReasonCode);
        Assert.Null(client.ConnAck.AuthenticationMethod);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-5")]
    public async Task Client_identifiers_of_1_to_23_letters_and_digits_are_accepted()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var letter in Alphabet) await broker.ConnectAsync(letter.ToString());
        for (var start = 0; start + 23 <= Alphabet.Length; start += 13) await broker.ConnectAsync(Alphabet.Substring(start, 23));
        await broker.ConnectAsync(Alphabet[^23..]);
    }

    [Theory]
    [InlineData(PacketType.PingReq)]
    [InlineData(PacketType.Publish)]
    [InlineData(PacketType.Auth)]
    [InlineData(PacketType.Disconnect)]
    [Normative("5.0", "MQTT-3.1.0-1")]
    [Normative("5.0", "MQTT-3.14.0-1")]
    public async Task A_first_packet_that_is_no_connect_ends_the_connection_without_an_answer(PacketType type)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync(type switch
        {
            PacketType.PingReq => PingReqPacket.Instance,
            PacketType.Publish => new PublishPacket { Topic = "a" },
            PacketType.Auth => new AuthPacket { AuthenticationMethod = "m" },
            _ => new DisconnectPacket(),
        });

        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.14.0-1")]
    public async Task A_client_that_sends_no_connect_in_time_is_closed_without_a_packet()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ConnectTimeoutSeconds = 5 });
        var witness = await broker.ConnectAsync("witness");
        var client = broker.Open();
        await witness.ExpectNothingAsync();

        // The listener takes the connection on a thread of its own: the clock moves on until it has been seen and has timed out.
        var closed = client.ExpectClosedAsync();
        while (!closed.IsCompleted)
        {
            broker.Time.Advance(TimeSpan.FromSeconds(1));
            await witness.ExpectNothingAsync();
        }

        await closed;
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.0-2")]
    [Normative("5.0", "MQTT-3.2.0-2")]
    public async Task A_second_connect_is_a_protocol_error_that_publishes_the_will()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync("will");
        var client = await broker.ConnectAsync("client", will: new Will { Topic = "will", Payload = "gone"u8.ToArray() });

        await client.SendAsync(new ConnectPacket { ClientId = "client", CleanStart = true });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Theory]
    [InlineData("MQTX")]
    [InlineData("mqtt")]
    [Normative("5.0", "MQTT-3.1.2-1")]
    public async Task Another_protocol_is_closed_without_an_answer(string name)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open(ProtocolVersion.V311);

        await client.SendAsync((byte[])[0x10, 13, 0, 4, .. System.Text.Encoding.ASCII.GetBytes(name), 5, 2, 0, 0, 0, 0, 0]);

        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    [Normative("5.0", "MQTT-3.1.2-2")]
    public async Task An_unknown_version_is_refused_in_the_form_that_every_version_understands(byte level)
    {
        await using var broker = await TestBroker.StartAsync();
        // What the client speaks is not known, so CONNACK is that of 3.1.1: two bytes, return code 1.
        var client = broker.Open(ProtocolVersion.V311);

        await client.SendAsync((byte[])[0x10, 13, 0, 4, .. "MQTT"u8, level, 2, 0, 0, 0, 0, 0]);

        var connAck = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal(ReasonCode.UnsupportedProtocolVersion, connAck.ReasonCode);
        Assert.Equal([0x20, 2, 0, 1], client.LastBytes.ToArray());
        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-16")]
    [Normative("5.0", "MQTT-3.1.3-6")]
    public async Task Clients_without_an_identifier_get_different_ones()
    {
        await using var broker = await TestBroker.StartAsync();
        var names = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            var client = await broker.ConnectAsync("", cleanStart: i % 2 == 0);
            Assert.False(client.ConnAck!.SessionPresent);
            Assert.True(names.Add(client.ConnAck.AssignedClientIdentifier!));
        }
        var first = await broker.ConnectAsync(names.First());
        Assert.Null(first.ConnAck!.AssignedClientIdentifier);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-7")]
    public async Task An_assigned_identifier_names_a_session_like_any_other()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("", sessionExpiry: 60);
        var assigned = client.ConnAck!.AssignedClientIdentifier!;
        await broker.LeaveAsync(client, assigned);

        var again = await broker.ConnectAsync(assigned, cleanStart: false, sessionExpiry: 60);

        Assert.True(again.ConnAck!.SessionPresent);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [Normative("5.0", "MQTT-3.1.2-28")]
    public async Task Response_information_is_given_only_to_those_who_ask(bool? asked, bool given)
    {
        await using var broker = await TestBroker.StartAsync();

        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, RequestResponseInformation = asked });

        Assert.Equal(given ? "responses/client/" : null, client.ConnAck!.ResponseInformation);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.0-1")]
    public async Task Nothing_precedes_the_connack_of_a_session_with_messages_waiting()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: 60);
        await client.SubscribeAsync("a");
        await broker.LoseAsync(client, "client");
        for (var i = 0; i < 20; i++) await publisher.PublishAsync("a", $"{i}", QualityOfService.AtLeastOnce);

        // ConnectAsync demands that CONNACK is the first packet.
        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);

        for (var i = 0; i < 20; i++) Assert.Equal($"{i}", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-4")]
    [Normative("5.0", "MQTT-3.1.4-1")]
    [Normative("5.0", "MQTT-3.14.0-1")]
    public async Task A_malformed_connect_is_answered_with_a_connack_and_never_with_a_disconnect()
    {
        await using var broker = await TestBroker.StartAsync();
        var valid = PacketEncoder.Encode(new ConnectPacket { ClientId = "ab", CleanStart = true }, ProtocolVersion.V50);
        byte[][] malformed = [
            [.. valid[..^2], 0xC3, 0x28], // not UTF-8
            [.. valid[..1], (byte)(valid[1] + 1), .. valid[2..], 0], // a byte left over
            [.. valid[..9], (byte)(valid[9] | 1), .. valid[10..]], // the reserved flag
        ];
        foreach (var packet in malformed)
        {
            var client = broker.Open();
            await client.SendAsync(packet);
            Assert.Equal(ReasonCode.MalformedPacket, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await client.ExpectClosedAsync();
        }
    }
}
