using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class ClientIdentifierTests
{
    public static TheoryData<string> Unusual => new(
        " ", "  ", "~", "~ ", "~~", "~client", "\t", "\u0001\u001f", "line\r\nbreak", "a/b+#$", "\u00e4\u65e5\u672c\ud83d\ude80", "\u007f\u0085", "\u200b", "{0}", "null");

    [Theory]
    [MemberData(nameof(Unusual))]
    public async Task Any_identifier_has_a_session_of_its_own(string clientId)
    {
        await using var broker = await TestBroker.StartAsync();
        // Neighbours that a careless mapping would take for the same.
        foreach (var other in Unusual.Select(row => row.Data).Where(id => id != clientId)) await LeaveSessionAsync(broker, other);
        Assert.False(await LeaveSessionAsync(broker, clientId));
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("to/" + Name(clientId), "m", QualityOfService.AtLeastOnce);

        var client = await broker.ConnectAsync(clientId, cleanStart: false, sessionExpiry: 100);

        Assert.True(client.ConnAck!.SessionPresent);
        Assert.Equal("m", (await client.ReceivePublishAsync()).Text());
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task The_longest_identifier_is_accepted_where_CONNECT_may_be_that_large()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnectPacketBytes = 100_000 });
        var clientId = new string('x', 65_535);
        Assert.False(await LeaveSessionAsync(broker, clientId));

        Assert.True((await broker.ConnectAsync(clientId, cleanStart: false, sessionExpiry: 100)).ConnAck!.SessionPresent);
        Assert.False((await broker.ConnectAsync(clientId[1..], cleanStart: false, sessionExpiry: 100)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task A_CONNECT_over_the_limit_is_closed_unread()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnectPacketBytes = 1000 });
        var client = broker.Open();
        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = new string('x', 1000) });

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_client_without_identifier_gets_one_that_it_can_come_back_with()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("", sessionExpiry: 100);
        var assigned = client.ConnAck!.AssignedClientIdentifier;
        Assert.False(string.IsNullOrEmpty(assigned));
        Assert.NotEqual(assigned, (await broker.ConnectAsync("")).ConnAck!.AssignedClientIdentifier);
        await broker.LoseAsync(client, assigned);

        client = await broker.ConnectAsync(assigned, cleanStart: false, sessionExpiry: 100);

        Assert.Equal((true, null), (client.ConnAck!.SessionPresent, client.ConnAck.AssignedClientIdentifier));
    }

    private static async Task<bool> LeaveSessionAsync(TestBroker broker, string clientId)
    {
        var client = await broker.ConnectAsync(clientId, cleanStart: false, sessionExpiry: 100);
        await client.SubscribeAsync("to/" + Name(clientId));
        await broker.LoseAsync(client, clientId);
        return client.ConnAck!.SessionPresent;
    }

    private static string Name(string clientId) => clientId.Length > 100 ? "long" : Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(clientId));
}
