using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Shared;

/// <summary>What becomes of messages whose member leaves.</summary>
public sealed class SharedRedeliveryTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(1000u)]
    public async Task Unacknowledged_QoS_1_messages_go_to_another_member_in_order(uint sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var leaving = await JoinAsync(broker, "leaving", sessionExpiry);
        var publisher = await broker.ConnectAsync("p");
        var held = new List<PublishPacket>();
        for (var i = 0; i < 5; i++)
        {
            await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
            held.Add(await leaving.ReceiveAsync<PublishPacket>());
        }
        await leaving.AcknowledgeAsync(PacketType.PubAck, held[1].PacketId);
        await leaving.ExpectNothingAsync();
        var staying = await JoinAsync(broker, "staying");
        leaving.Abort();

        Assert.Equal(["0", "2", "3", "4"], await staying.ReceiveTextsAsync(4));
        await staying.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_message_that_waited_for_the_leaving_member_goes_to_another()
    {
        await using var broker = await TestBroker.StartAsync();
        var leaving = await JoinAsync(broker, "leaving", receiveMaximum: 1);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 4; i++) await publisher.PublishAsync("t", $"{i}", i == 0 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce);
        Assert.Equal("0", (await leaving.ReceiveAsync<PublishPacket>()).Text());
        var staying = await JoinAsync(broker, "staying");
        leaving.Abort();

        Assert.Equal(["0", "1", "2", "3"], await staying.ReceiveTextsAsync(4));
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(0u, true)]
    [InlineData(1000u, false)]
    [InlineData(1000u, true)]
    public async Task A_QoS_2_message_in_flight_goes_to_nobody_else(uint sessionExpiry, bool received)
    {
        await using var broker = await TestBroker.StartAsync();
        var leaving = await JoinAsync(broker, "leaving", sessionExpiry);
        await (await broker.ConnectAsync("p")).PublishAsync("t", "m", QualityOfService.ExactlyOnce);
        var sent = await leaving.ReceiveAsync<PublishPacket>();
        if (received)
        {
            await leaving.AcknowledgeAsync(PacketType.PubRec, sent.PacketId);
            await leaving.ExpectAsync(PacketType.PubRel, sent.PacketId);
        }
        var staying = await JoinAsync(broker, "staying");
        await broker.LoseAsync(leaving, "leaving");
        await staying.ExpectNothingAsync();

        if (sessionExpiry == 0) return;
        leaving = await broker.ConnectAsync("leaving", cleanStart: false, sessionExpiry: sessionExpiry);
        if (received) await leaving.ExpectAsync(PacketType.PubRel, sent.PacketId);
        else Assert.Equal(sent.PacketId, (await leaving.ReceivePublishAsync()).PacketId);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_message_that_a_member_refuses_goes_to_nobody_else(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var leaving = await JoinAsync(broker, "leaving");
        await (await broker.ConnectAsync("p")).PublishAsync("t", "m", qos);
        var sent = await leaving.ReceiveAsync<PublishPacket>();
        var staying = await JoinAsync(broker, "staying");
        await leaving.AcknowledgeAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, sent.PacketId, ReasonCode.NotAuthorized);
        await leaving.ExpectNothingAsync();
        await broker.LoseAsync(leaving, "leaving");

        await staying.ExpectNothingAsync();
    }

    [Fact]
    public async Task Without_another_member_they_are_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        var leaving = await JoinAsync(broker, "leaving", receiveMaximum: 1);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
        await leaving.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(leaving, "leaving");

        Assert.Equal((3, 0), (broker.Metrics.Dropped(DropReason.NoSharedMember), broker.Metrics.Waiting));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_persistent_member_keeps_them_where_there_is_no_other()
    {
        await using var broker = await TestBroker.StartAsync();
        var member = await JoinAsync(broker, "m", 1000);
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "sent", QualityOfService.AtLeastOnce);
        await member.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(member, "m");
        await publisher.PublishAsync("t", "while away", QualityOfService.AtLeastOnce);

        member = await broker.ConnectAsync("m", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal(["sent", "while away"], await member.ReceiveTextsAsync(2));
        await member.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Members_that_are_away_get_nothing_while_another_is_connected()
    {
        await using var broker = await TestBroker.StartAsync();
        var away = await JoinAsync(broker, "away", 1000);
        await broker.LoseAsync(away, "away");
        var here = await JoinAsync(broker, "here", 1000);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 6; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
        Assert.Equal(["0", "1", "2", "3", "4", "5"], await here.ReceiveTextsAsync(6));

        away = await broker.ConnectAsync("away", cleanStart: false, sessionExpiry: 1000);

        await away.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Persistent_members_that_are_all_away_share_what_comes()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var name in (string[])["a", "b"]) await broker.LoseAsync(await JoinAsync(broker, name, 1000), name);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 6; i++) Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce));
        var received = new List<string>();
        foreach (var name in (string[])["a", "b"])
        {
            var member = await broker.ConnectAsync(name, cleanStart: false, sessionExpiry: 1000);
            received.AddRange(await member.ReceiveTextsAsync(3));
            await member.ExpectNothingAsync();
        }

        Assert.Equal(["0", "1", "2", "3", "4", "5"], received.Order());
        broker.AssertAccounts();
    }

    private static async Task<TestClient> JoinAsync(TestBroker broker, string clientId, uint sessionExpiry = 0, ushort? receiveMaximum = null)
    {
        var member = await broker.ConnectAsync(new ConnectPacket
        {
            Version = ProtocolVersion.V50, ClientId = clientId, CleanStart = true, SessionExpiryInterval = sessionExpiry, ReceiveMaximum = receiveMaximum,
        });
        await member.SubscribeAsync("$share/g/t");
        return member;
    }
}
