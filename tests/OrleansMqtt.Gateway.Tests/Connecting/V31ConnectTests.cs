using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Connecting;

/// <summary>Where MQTT 3.1 (protocol name MQIsdp, level 3) differs from 3.1.1.</summary>
public sealed class V31ConnectTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    public async Task A_client_identifier_has_1_to_23_characters(int length)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(Connect(new string('c', length)));

        await raw.ExpectAsync("20 02 00 00");
        Assert.Equal(0, broker.Metrics.Tolerated);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    public async Task A_strict_listener_rejects_any_other_with_return_code_2(int length)
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(Connect(new string('c', length)));

        await raw.ExpectClosedAsync("20 02 00 02");
    }

    [Fact]
    public async Task A_tolerant_listener_lets_a_long_one_pass_and_counts_it()
    {
        await using var broker = await TestBroker.StartAsync(tolerant: true);
        using var raw = new RawClient(broker);

        await raw.SendAsync(Connect(new string('c', 24)));

        await raw.ExpectAsync("20 02 00 00");
        Assert.Equal(1, broker.Metrics.Tolerated);
    }

    [Fact]
    public async Task A_tolerant_listener_cannot_name_a_client_either()
    {
        await using var broker = await TestBroker.StartAsync(tolerant: true);
        using var raw = new RawClient(broker);

        await raw.SendAsync(Connect(""));

        await raw.ExpectClosedAsync("20 02 00 02");
    }

    [Fact]
    public async Task The_first_byte_of_CONNACK_is_0_though_a_session_goes_on()
    {
        await using var broker = await TestBroker.StartAsync();
        var former = await broker.ConnectAsync("kept", ProtocolVersion.V31, cleanStart: false);
        await former.SubscribeAsync("t");
        await former.DisconnectAsync();
        using var raw = new RawClient(broker);

        await raw.SendAsync(Connect("kept", flags: 0x00));

        await raw.ExpectAsync("20 02 00 00");
        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "x");
        await raw.ExpectAsync("30 04 0001 74 78");
    }

    [Fact]
    public async Task A_granted_subscription_is_answered_with_its_QoS()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = await ConnectedAsync(broker);

        await raw.SendAsync("82 0A 0007 0001 61 02 0001 62 00");

        await raw.ExpectAsync("90 04 0007 02 00");
    }

    [Fact]
    public async Task A_subscription_that_fails_closes_the_connection_because_SUBACK_has_no_code_for_it()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = await ConnectedAsync(broker);

        await raw.SendAsync("82 0B 0007 0001 61 02 0002 622B 00");

        await raw.ExpectClosedAsync();
    }

    [Fact]
    public async Task SUBSCRIBE_UNSUBSCRIBE_and_PUBREL_may_carry_DUP()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = await ConnectedAsync(broker);

        await raw.SendAsync("8A 06 0007 0001 61 00");
        await raw.ExpectAsync("90 03 0007 00");
        await raw.SendAsync("AA 05 0008 0001 61");
        await raw.ExpectAsync("B0 02 0008");
        await raw.SendAsync("34 06 0001 61 0009 78");
        await raw.ExpectAsync("50 02 0009");
        await raw.SendAsync("6A 02 0009");
        await raw.ExpectAsync("70 02 0009");
    }

    private static string Connect(string clientId, byte flags = 0x02) => RawClient.Connect(clientId, flags, "MQIsdp", 3);

    private static async Task<RawClient> ConnectedAsync(TestBroker broker)
    {
        var raw = new RawClient(broker);
        await raw.SendAsync(Connect("c"));
        await raw.ExpectAsync("20 02 00 00");
        return raw;
    }
}
