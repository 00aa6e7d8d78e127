using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Shared;

/// <summary>`$oshare`: all messages of one publisher on one topic go to one member, in order.</summary>
public sealed class OrderedShareTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task One_publishers_messages_on_one_topic_go_to_one_member_in_order(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var members = new List<TestClient>();
        for (var i = 0; i < 4; i++)
        {
            members.Add(await broker.ConnectAsync($"m{i}"));
            await members[i].SubscribeAsync("$oshare/g/t/+", qos);
        }
        const int Publishers = 4, Topics = 5, Messages = 10;
        for (var p = 0; p < Publishers; p++)
        {
            var publisher = await broker.ConnectAsync($"p{p}");
            for (var i = 0; i < Messages; i++)
                for (var t = 0; t < Topics; t++) await publisher.PublishAsync($"t/{t}", $"{p} {i}", qos);
            await publisher.ExpectNothingAsync();
        }
        // A barrier per member ends what it reads.
        var seen = new List<(int Member, string Stream, int Number)>();
        for (var m = 0; m < members.Count; m++)
        {
            await members[m].SendAsync(PingReqPacket.Instance);
            await foreach (var publish in ReadToPingAsync(members[m]))
                seen.Add((m, publish.Topic + " " + publish.Text().Split(' ')[0], int.Parse(publish.Text().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Equal(Publishers * Topics * Messages, seen.Count);
        foreach (var stream in seen.GroupBy(s => s.Stream))
        {
            Assert.Single(stream.Select(s => s.Member).Distinct());
            Assert.Equal(Enumerable.Range(0, Messages), stream.Select(s => s.Number));
        }
        // Rendezvous hashing is stable, so this cannot fail by chance.
        Assert.True(seen.Select(s => s.Member).Distinct().Count() > 1);
    }

    [Fact]
    public async Task A_busy_member_keeps_its_streams()
    {
        await using var broker = await TestBroker.StartAsync();
        var members = new List<TestClient>();
        for (var i = 0; i < 2; i++)
        {
            members.Add(await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = $"m{i}", ReceiveMaximum = 1 }));
            await members[i].SubscribeAsync("$oshare/g/t", QualityOfService.AtLeastOnce);
        }
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        var received = new List<(int, string)>();
        for (var m = 0; m < 2; m++)
        {
            await members[m].SendAsync(PingReqPacket.Instance);
            if (await members[m].ReceiveAsync() is not PublishPacket first) continue;
            await members[m].ReceiveAsync<PingRespPacket>();
            await members[m].AcknowledgeAsync(PacketType.PubAck, first.PacketId);
            received.Add((m, first.Text()));
            received.AddRange((await members[m].ReceiveTextsAsync(4)).Select(t => (m, t)));
        }

        Assert.Equal(["0", "1", "2", "3", "4"], received.Select(r => r.Item2));
    }

    [Fact]
    public async Task When_its_member_leaves_a_stream_goes_on_at_another_in_order()
    {
        await using var broker = await TestBroker.StartAsync();
        var members = new Dictionary<string, TestClient>();
        foreach (var name in (string[])["a", "b"])
        {
            members[name] = await broker.ConnectAsync(name);
            await members[name].SubscribeAsync("$oshare/g/t", QualityOfService.AtLeastOnce);
        }
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
        await members["a"].SendAsync(PingReqPacket.Instance);
        var (leaving, staying) = await members["a"].ReceiveAsync() is PublishPacket ? ("a", "b") : ("b", "a");
        // It acknowledges nothing.
        await broker.LoseAsync(members[leaving], leaving);
        for (var i = 3; i < 6; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal(["0", "1", "2", "3", "4", "5"], await members[staying].ReceiveTextsAsync(6));
    }

    private static async IAsyncEnumerable<PublishPacket> ReadToPingAsync(TestClient client)
    {
        // Acknowledgements of the broker come in between: PUBREL.
        while (await client.ReceiveAsync() is var packet and not PingRespPacket)
        {
            if (packet is not PublishPacket publish) continue;
            yield return publish;
        }
    }
}
