using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Shared;

public sealed class V5SharedTests
{
    private const string Filter = "$share/group/a";

    private static async Task<TestClient> JoinAsync(TestBroker broker, string name, QualityOfService qos = QualityOfService.ExactlyOnce)
    {
        var member = await broker.ConnectAsync(name, sessionExpiry: 60);
        await member.SubscribeAsync(Filter, qos);
        return member;
    }

    // Publishes "x" so that A gets it, by what the group did with messages before: its members take turns.
    private static async Task<PublishPacket> SendToAsync(TestClient publisher, TestClient a, TestClient b, QualityOfService qos)
    {
        while (true)
        {
            await publisher.PublishAsync("a", "probe", QualityOfService.AtMostOnce);
            await publisher.ExpectNothingAsync();
            if (await TookProbeAsync(b)) break;
            Assert.Equal("probe", await a.ReceiveTextAsync());
        }
        await publisher.PublishAsync("a", "x", qos);
        return await a.ReceiveAsync<PublishPacket>();
    }

    private static async Task<bool> TookProbeAsync(TestClient member)
    {
        await member.SendAsync(PingReqPacket.Instance);
        if (await member.ReceiveAsync() is PingRespPacket) return false;
        await member.ReceiveAsync<PingRespPacket>();
        return true;
    }

    [Theory]
    [InlineData("$share/")]
    [InlineData("$share//a")]
    [InlineData("$share/group")]
    [InlineData("$share/group/")]
    [InlineData("$share/g+/a")]
    [InlineData("$share/#/a")]
    [Normative("5.0", "MQTT-4.8.2-1")]
    [Normative("5.0", "MQTT-4.8.2-2")]
    public async Task A_shared_filter_needs_a_name_and_a_filter(string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        Assert.Equal([ReasonCode.TopicFilterInvalid], await client.SubscribeAsync(filter));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.8.2-1")]
    public async Task Each_message_goes_to_one_member_and_only_the_exact_prefix_makes_a_group()
    {
        await using var broker = await TestBroker.StartAsync();
        var (a, b) = (await JoinAsync(broker, "a"), await JoinAsync(broker, "b"));
        var plain = await broker.ConnectAsync("plain");
        Assert.Equal([ReasonCode.GrantedQos2], await plain.SubscribeAsync("$SHARE/group/a"));
        var publisher = await broker.ConnectAsync("publisher");

        for (var i = 0; i < 10; i++) await publisher.PublishAsync("a", "x");
        await publisher.PublishAsync("$SHARE/group/a", "plain");

        Assert.Equal("plain", await plain.ReceiveTextAsync());
        var received = 0;
        foreach (var member in (TestClient[])[a, b])
        {
            await member.SendAsync(PingReqPacket.Instance);
            while (await member.ReceiveAsync() is PublishPacket) received++;
        }
        Assert.Equal(10, received);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.8.2-3")]
    public async Task Each_member_gets_its_messages_at_its_granted_quality()
    {
        await using var broker = await TestBroker.StartAsync();
        var members = new Dictionary<QualityOfService, TestClient>();
        for (var qos = QualityOfService.AtMostOnce; qos <= QualityOfService.ExactlyOnce; qos++)
        {
            members[qos] = await broker.ConnectAsync($"member {qos}");
            await members[qos].SubscribeAsync(Filter, qos);
        }
        var publisher = await broker.ConnectAsync("publisher");

        for (var i = 0; i < 9; i++) await publisher.PublishAsync("a", "x", QualityOfService.ExactlyOnce);

        var received = 0;
        foreach (var (granted, member) in members)
        {
            await member.SendAsync(PingReqPacket.Instance);
            for (; await member.ReceiveAsync() is PublishPacket publish; received++) Assert.Equal(granted, publish.QoS);
        }
        Assert.Equal(9, received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Normative("5.0", "MQTT-4.8.2-4")]
    public async Task A_qos_2_message_in_flight_stays_with_its_member_until_it_is_back(bool received)
    {
        await using var broker = await TestBroker.StartAsync();
        var (a, b) = (await JoinAsync(broker, "a"), await JoinAsync(broker, "b"));
        var publisher = await broker.ConnectAsync("publisher");
        var sent = await SendToAsync(publisher, a, b, QualityOfService.ExactlyOnce);
        if (received)
        {
            await a.AcknowledgeAsync(PacketType.PubRec, sent.PacketId);
            await a.ExpectAsync(PacketType.PubRel, sent.PacketId);
        }
        await broker.LoseAsync(a, "a");
        await ExpectOnlyAsync(publisher, b, "marker");

        a = await broker.ConnectAsync("a", cleanStart: false, sessionExpiry: 60);

        if (received)
        {
            await a.ExpectAsync(PacketType.PubRel, sent.PacketId);
            return;
        }
        var again = await a.ReceiveAsync<PublishPacket>();
        Assert.Equal(("x", sent.PacketId, true), (again.Text(), again.PacketId, again.Duplicate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Normative("5.0", "MQTT-4.8.2-5")]
    public async Task A_qos_2_message_in_flight_ends_with_its_members_session(bool cleanStart)
    {
        await using var broker = await TestBroker.StartAsync();
        var (a, b) = (await JoinAsync(broker, "a"), await JoinAsync(broker, "b"));
        var publisher = await broker.ConnectAsync("publisher");
        await SendToAsync(publisher, a, b, QualityOfService.ExactlyOnce);
        await broker.LoseAsync(a, "a");

        if (!cleanStart) broker.Time.Advance(TimeSpan.FromSeconds(61));
        a = await broker.ConnectAsync("a", cleanStart: cleanStart);

        Assert.False(a.ConnAck!.SessionPresent);
        await ExpectOnlyAsync(publisher, b, "marker");
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    [Normative("5.0", "MQTT-4.8.2-6")]
    public async Task A_message_that_a_member_refused_goes_to_no_other_member(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var (a, b) = (await JoinAsync(broker, "a"), await JoinAsync(broker, "b"));
        var publisher = await broker.ConnectAsync("publisher");
        var sent = await SendToAsync(publisher, a, b, qos);

        await a.AcknowledgeAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, sent.PacketId, ReasonCode.UnspecifiedError);

        await a.ExpectNothingAsync();
        await broker.LoseAsync(a, "a");
        await ExpectOnlyAsync(publisher, b, "marker");
        a = await broker.ConnectAsync("a", cleanStart: false, sessionExpiry: 60);
        await a.SubscribeAsync("b", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("b", "marker", QualityOfService.AtLeastOnce);
        Assert.Equal("marker", await a.ReceiveTextAsync());
    }

    // The log of a persistent member is in order: what came to it before the marker would come before it.
    private static async Task ExpectOnlyAsync(TestClient publisher, TestClient member, string text)
    {
        await publisher.PublishAsync("a", text, QualityOfService.AtLeastOnce);
        Assert.Equal(text, await member.ReceiveTextAsync());
    }
}
