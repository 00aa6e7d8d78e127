using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>Clients on two gateways: both without a silo, or one of them in the silo's process.</summary>
public sealed class TwoGatewayTests
{
    private const string Home = "home", Remote = "remote";

    public static TheoryData<string, string> Pairs => new() { { Remote, Remote }, { Remote, Home }, { Home, Remote } };

    private sealed record Pair(TestMesh Mesh, TestBroker Here, TestBroker There) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Mesh.DisposeAsync();
    }

    private static async Task<Pair> StartAsync(string here, string there)
    {
        var mesh = await TestMesh.StartAsync(withHome: here == Home || there == Home);
        return new Pair(mesh, here == Home ? mesh.Home! : await mesh.AddGatewayAsync("here"), there == Home ? mesh.Home! : await mesh.AddGatewayAsync("there"));
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Subscribers_of_all_kinds_on_both_get_each_message_once_and_in_order(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var subscribers = new List<TestClient>();
        foreach (var gateway in (TestBroker[])[pair.Here, pair.There])
            foreach (var expiry in (uint[])[0, 1000])
                foreach (var qos in (QualityOfService[])[QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
                {
                    subscribers.Add(await gateway.ConnectAsync($"s{subscribers.Count}", sessionExpiry: expiry));
                    await subscribers[^1].SubscribeAsync("t/#", qos);
                }
        var publisher = await pair.Here.ConnectAsync("p");
        for (var i = 0; i < 30; i++)
            Assert.Equal(ReasonCode.Success, await publisher.PublishAsync($"t/{i % 3}", $"{i}", (QualityOfService)(i % 3)));

        foreach (var subscriber in subscribers)
        {
            var received = await subscriber.ReceiveTextsAsync(30);
            // QoS 0 and the others reach a persistent session by two ways.
            var expected = Enumerable.Range(0, 30);
            Assert.Equal(expected.Where(i => i % 3 == 0), received.Select(int.Parse).Where(i => i % 3 == 0));
            Assert.Equal(expected.Where(i => i % 3 != 0), received.Select(int.Parse).Where(i => i % 3 != 0));
        }
        foreach (var subscriber in subscribers) await subscriber.ExpectNothingAsync();
        pair.Mesh.AssertAccounts();
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task PUBACK_says_whether_there_is_a_subscriber_anywhere(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var publisher = await pair.Here.ConnectAsync("p");
        foreach (var qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
        {
            Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "nobody", qos));
            var subscriber = await pair.There.ConnectAsync("s");
            await subscriber.SubscribeAsync("t");
            Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "somebody", qos));
            Assert.Equal("somebody", await subscriber.ReceiveTextAsync());
            await pair.There.LeaveAsync(subscriber, "s");
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task No_Local_holds_wherever_the_message_is_routed(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        foreach (var expiry in (uint[])[0, 1000])
        {
            var client = await pair.Here.ConnectAsync("c", sessionExpiry: expiry);
            await client.SubscribeAsync(new Subscription { Filter = "t", NoLocal = true, MaximumQoS = QualityOfService.AtLeastOnce });
            Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("t", "own", QualityOfService.AtLeastOnce));
            var other = await pair.There.ConnectAsync("other");
            Assert.Equal(ReasonCode.Success, await other.PublishAsync("t", "other's", QualityOfService.AtLeastOnce));
            Assert.Equal("other's", await client.ReceiveTextAsync());
            await client.ExpectNothingAsync();
            await pair.Here.LeaveAsync(client, "c", new DisconnectPacket { SessionExpiryInterval = expiry == 0 ? null : 0 });
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task The_RETAIN_flag_the_properties_and_the_expiry_survive_the_way(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var subscriber = await pair.There.ConnectAsync("s");
        await subscriber.SubscribeAsync(new Subscription { Filter = "t", RetainAsPublished = true, MaximumQoS = QualityOfService.AtLeastOnce });
        var publisher = await pair.Here.ConnectAsync("p");
        var sent = new PublishPacket
        {
            Topic = "t", Payload = "m"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = 1, Retain = true, MessageExpiryInterval = 100, ContentType = "text", ResponseTopic = "r",
        };
        await publisher.PublishAtLeastOnceAsync(sent);

        var live = await subscriber.ReceivePublishAsync();
        Assert.Equal((true, 100u, "text", "r"), (live.Retain, live.MessageExpiryInterval!.Value, live.ContentType, live.ResponseTopic));
        var late = await pair.There.ConnectAsync("late");
        await late.SubscribeAsync("t");
        var retained = await late.ReceivePublishAsync();
        Assert.Equal((true, 100u, "text", "m"), (retained.Retain, retained.MessageExpiryInterval!.Value, retained.ContentType, retained.Text()));
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Retained_messages_of_one_are_found_from_the_other_and_removed_from_there(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var publisher = await pair.Here.ConnectAsync("p");
        for (var i = 0; i < 50; i++) await publisher.PublishAsync($"t/{i}", $"{i}", (QualityOfService)(i % 3), retain: true);
        // A QoS 0 message is answered by nobody: what its own gateway looks up afterwards finds it nevertheless.
        var here1 = await pair.Here.ConnectAsync("here");
        await here1.SubscribeAsync("t/#");
        Assert.Equal(50, (await here1.ReceiveTextsAsync(50)).Distinct().Count());
        var there1 = await pair.There.ConnectAsync("there");
        await there1.SubscribeAsync("t/+");
        Assert.Equal(50, (await there1.ReceiveTextsAsync(50)).Distinct().Count());
        var other = await pair.There.ConnectAsync("q");
        for (var i = 0; i < 50; i++) await other.PublishAsync($"t/{i}", "", QualityOfService.AtLeastOnce, retain: true);
        var last = await pair.Here.ConnectAsync("last");
        await last.SubscribeAsync("t/#");
        await last.ExpectNothingAsync();
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task Members_of_a_group_on_both_share_its_messages(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var members = new[] { await pair.Here.ConnectAsync("a"), await pair.There.ConnectAsync("b"), await pair.There.ConnectAsync("c", sessionExpiry: 1000) };
        foreach (var member in members) await member.SubscribeAsync("$share/g/t/+");
        var publisher = await pair.Here.ConnectAsync("p");
        const int Messages = 120;
        for (var i = 0; i < Messages; i++) Assert.Equal(ReasonCode.Success, await publisher.PublishAsync($"t/{i}", $"{i}", QualityOfService.AtLeastOnce));

        var received = new List<List<string>>();
        // What has been acknowledged is in the queue of a clean session, and in the log of a persistent one.
        foreach (var member in members[..2]) received.Add(await DrainAsync(member));
        received.Add(await members[2].ReceiveTextsAsync(Messages - received.Sum(static texts => texts.Count)));
        Assert.Equal(Enumerable.Range(0, Messages), received.SelectMany(static texts => texts).Select(int.Parse).Order());
        Assert.All(received, static texts => Assert.NotEmpty(texts));
        pair.Mesh.AssertAccounts();
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task A_busy_member_passes_messages_on_to_one_that_is_free_on_the_other(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        foreach (var (busyAt, freeAt) in ((TestBroker, TestBroker)[])[(pair.Here, pair.There), (pair.There, pair.Here)])
        {
            var busy = await busyAt.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "busy", ReceiveMaximum = 1 });
            var free = await freeAt.ConnectAsync("free");
            foreach (var member in (TestClient[])[busy, free]) await member.SubscribeAsync("$share/g/t", QualityOfService.AtLeastOnce);
            var publisher = await pair.Here.ConnectAsync("p");
            for (var i = 0; i < 40; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

            // It does not acknowledge its first.
            var held = (await busy.ReceiveAsync<PublishPacket>()).Text();
            var others = await free.ReceiveTextsAsync(39);
            Assert.Equal(Enumerable.Range(0, 40), others.Append(held).Select(int.Parse).Order());
            // And when it leaves, that one goes on as well.
            await busyAt.LoseAsync(busy, "busy");
            Assert.Equal(held, await free.ReceiveTextAsync());
            await freeAt.LeaveAsync(free, "free");
        }
        pair.Mesh.AssertAccounts();
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task A_client_that_comes_on_the_other_takes_its_session_over(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var publisher = await pair.Here.ConnectAsync("p");
        var first = await pair.Here.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        await first.SubscribeAsync("t");
        for (var round = 0; round < 4; round++)
        {
            var to = round % 2 == 0 ? pair.There : pair.Here;
            var second = await to.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
            Assert.True(second.ConnAck!.SessionPresent);
            await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
            foreach (var qos in (QualityOfService[])[QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
            {
                await publisher.PublishAsync("t", $"{round} {qos}", qos);
                Assert.Equal($"{round} {qos}", await second.ReceiveTextAsync());
            }
            await second.ExpectNothingAsync();
            first = second;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task What_a_client_published_comes_before_what_it_publishes_from_the_other_after_a_takeover_and_before_its_will(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var subscriber = await pair.There.ConnectAsync("s");
        await subscriber.SubscribeAsync("t", QualityOfService.AtMostOnce);
        var expected = new List<string>();
        TestClient? client = null;
        for (var round = 0; round < 6; round++)
        {
            var gateway = round % 2 == 0 ? pair.Here : pair.There;
            // Connections of a clean session are told apart by their time.
            pair.Mesh.Time.Advance(TimeSpan.FromSeconds(1));
            // The will of the connection before is published when it is taken over, behind what it published.
            if (client is not null) expected.Add($"will {round - 1}");
            var will = new Will { Topic = "t", Payload = System.Text.Encoding.UTF8.GetBytes($"will {round}") };
            client = await gateway.ConnectAsync("c", will: will);
            for (var i = 0; i < 20; i++)
            {
                await client.PublishAsync("t", $"{round} {i}");
                expected.Add($"{round} {i}");
            }
            await client.ExpectNothingAsync();
        }

        foreach (var text in expected) Assert.Equal(text, await subscriber.ReceiveTextAsync());
    }

    [Theory, MemberData(nameof(Pairs))]
    public async Task A_will_reaches_subscribers_on_both_once(string here, string there)
    {
        await using var pair = await StartAsync(here, there);
        var subscribers = new[] { await pair.Here.ConnectAsync("a"), await pair.There.ConnectAsync("b"), await pair.There.ConnectAsync("c", sessionExpiry: 1000) };
        foreach (var subscriber in subscribers) await subscriber.SubscribeAsync("t");
        var client = await pair.There.ConnectAsync("dying", will: new Will { Topic = "t", Payload = "gone"u8.ToArray(), QoS = QualityOfService.ExactlyOnce });
        await pair.There.LoseAsync(client, "dying");

        foreach (var subscriber in subscribers)
        {
            Assert.Equal("gone", await subscriber.ReceiveTextAsync());
            await subscriber.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_gateway_that_is_gone_for_good_fails_no_publish()
    {
        await using var pair = await StartAsync(Remote, Remote);
        foreach (var filter in (string[])["t", "$share/g/t"])
        {
            var (gone, left) = (await pair.There.ConnectAsync($"gone {filter}"), await pair.Here.ConnectAsync($"left {filter}"));
            await gone.SubscribeAsync(filter);
            await left.SubscribeAsync(filter);
        }
        pair.Mesh.Directory.Remove("there");
        var publisher = await pair.Here.ConnectAsync("p");
        for (var i = 0; i < 10; i++) Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce));

        Assert.Equal(0, pair.Mesh.Metrics.Dropped(DropReason.NoSharedMember));
        pair.Mesh.AssertAccounts();
    }

    // Everything that is there, up to the answer to a question.
    private static async Task<List<string>> DrainAsync(TestClient client)
    {
        var texts = new List<string>();
        await client.SendAsync(PingReqPacket.Instance);
        while (await client.ReceiveAsync() is not PingRespPacket and var packet)
        {
            var publish = Assert.IsType<PublishPacket>(packet);
            texts.Add(publish.Text());
            await client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
        }
        return texts;
    }
}
