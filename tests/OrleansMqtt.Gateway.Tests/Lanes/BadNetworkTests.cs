using System.Globalization;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Lanes;

/// <summary>What is promised at each quality of service, while calls between gateways and routers are lost, doubled, late and out of order.</summary>
public sealed class BadNetworkTests
{
    private const int Messages = 120, Topics = 3;

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, false, true)]
    [InlineData(5, true, true)]
    [InlineData(6, true, true)]
    public async Task Nothing_is_lost_doubled_or_out_of_order_that_must_not_be(int run, bool towardsRouters, bool towardsGateways)
    {
        var seed = Seed.Take() + run;
        await using var mesh = await TestMesh.StartAsync(withHome: true);
        await using var clockwork = new Clockwork(mesh.Time);
        var (routers, gateways) = (new Faults(seed, towardsRouters), new Faults(~seed, towardsGateways));
        mesh.BetweenGrains = inner => FaultyGrains.Of(inner, router => FaultyRouter.Of(router, routers));
        mesh.Directory.Between = inner => new FaultyEndpoint(inner, gateways);
        // Few bytes, so that publishers are held back as well.
        // Small batches, so that several are on their way at once and overtake each other.
        var options = new LaneOptions { Count = 2, MaxBytes = 16_384, BatchBytes = 512, Grace = TimeSpan.FromDays(1) };
        var here = await mesh.AddGatewayAsync("here", o => o with { Lanes = options });
        var there = await mesh.AddGatewayAsync("there", o => o with { Lanes = options });

        var subscribers = new List<(bool Persistent, TestClient Client)>();
        foreach (var gateway in (TestBroker[])[here, there, mesh.Home!])
            foreach (var persistent in (bool[])[false, true])
            {
                subscribers.Add((persistent, await gateway.ConnectAsync($"s{subscribers.Count}", sessionExpiry: persistent ? 10_000u : 0)));
                await subscribers[^1].Client.SubscribeAsync("+/t/#");
            }
        var members = new List<TestClient>();
        foreach (var gateway in (TestBroker[])[here, there, mesh.Home!])
        {
            members.Add(await gateway.ConnectAsync($"m{members.Count}"));
            await members[^1].SubscribeAsync("$share/g/+/t/#");
        }
        var all = subscribers.ConvertAll(static s => s.Client).Concat(members).Select(static client => new Collector(client)).ToList();
        var publishers = new List<(TestClient Client, QualityOfService QoS, int Number)>();
        foreach (var gateway in (TestBroker[])[here, there])
            foreach (var (qos, expiry) in ((QualityOfService, uint)[])[(0, 0), (QualityOfService.AtLeastOnce, 0), (QualityOfService.ExactlyOnce, 0), (QualityOfService.ExactlyOnce, 10_000)])
                publishers.Add((await gateway.ConnectAsync($"p{publishers.Count}", sessionExpiry: expiry), qos, publishers.Count));

        await Task.WhenAll(publishers.Select(static p => PublishAsync(p.Client, p.QoS, p.Number)));
        await routers.EndAsync();
        await gateways.EndAsync();
        // What of QoS 0 is still on its way has come when a later message of its publisher has been acknowledged.
        foreach (var (client, _, number) in publishers) Assert.Equal(ReasonCode.Success, await client.PublishAsync($"{number}/t/end", $"{number} {Messages}", QualityOfService.AtLeastOnce));
        var received = new List<List<(int Publisher, int Message)>>();
        foreach (var collector in all.Take(subscribers.Count)) received.Add(await collector.UntilAsync(texts => publishers.TrueForAll(p => texts.Contains((p.Number, Messages)))));
        // The messages that end the streams went to some of them.
        foreach (var collector in all.Skip(subscribers.Count)) received.Add(await collector.StopAsync());

        for (var s = 0; s < subscribers.Count; s++)
            foreach (var (_, qos, publisher) in publishers)
            {
                var stream = received[s].Where(m => m.Publisher == publisher).Select(static m => m.Message).ToList();
                var what = $"seed {seed}: {(subscribers[s].Persistent ? "persistent" : "clean")} s{s}, publisher {publisher} at {qos}";
                var everything = Enumerable.Range(0, Messages + 1).ToList();
                // The last message is at QoS 1: a persistent session may have it twice, and by another way than those at QoS 0.
                if (qos == QualityOfService.AtMostOnce)
                {
                    var sent = stream.Where(static m => m < Messages).ToList();
                    Assert.True(sent.SequenceEqual(sent.Distinct().Order()), what);
                    if (!towardsGateways) Assert.True(sent.SequenceEqual(everything.SkipLast(1)), what);
                }
                else if (subscribers[s].Persistent && qos == QualityOfService.AtLeastOnce)
                {
                    Assert.True(stream.Distinct().SequenceEqual(everything), what);
                }
                else
                {
                    Assert.True((subscribers[s].Persistent ? stream.Where(static m => m < Messages) : stream.SkipLast(1)).SequenceEqual(everything.SkipLast(1)), what);
                }
            }
        var shared = received.Skip(subscribers.Count).SelectMany(static texts => texts).ToList();
        foreach (var (_, qos, publisher) in publishers.Where(static p => p.QoS > 0))
        {
            var taken = shared.Where(m => m.Publisher == publisher).Select(static m => m.Message).Order().ToList();
            var what = $"seed {seed}: group, publisher {publisher} at {qos}";
            Assert.True(taken.Distinct().SequenceEqual(Enumerable.Range(0, Messages + 1)), what);
            if (!(towardsRouters && towardsGateways)) Assert.True(taken.Count == Messages + 1, what);
        }
        // Values never go back.
        var late = await mesh.Home!.ConnectAsync("late");
        await late.SubscribeAsync("retained/#", QualityOfService.AtMostOnce);
        var retained = (await late.ReceiveAllAsync(publishers.Count * Topics)).ConvertAll(static p => (p.Topic, Text: p.Text()));
        Assert.Equal(
            publishers.SelectMany(static p => Enumerable.Range(0, Topics).Select(topic => ($"retained/{p.Number}/{topic}", $"{p.Number} {Messages - Topics + topic}"))).Order(),
            retained.Order());
    }

    // All at once, so that batches form; each message twice: to everybody, and to be retained.
    private static async Task PublishAsync(TestClient client, QualityOfService qos, int number)
    {
        var (burst, open) = (new List<byte>(), 0);
        for (var i = 0; i < Messages; i++)
            foreach (var (topic, retain) in ((string, bool)[])[($"{number}/t/{i % Topics}", false), ($"retained/{number}/{i % Topics}", true)])
            {
                burst.AddRange(PacketEncoder.Encode(
                    new PublishPacket
                    {
                        Topic = topic, Retain = retain, QoS = qos, PacketId = qos == 0 ? (ushort)0 : client.NextPacketId(),
                        Payload = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {i}")),
                    },
                    client.Version));
                if (qos > 0) open++;
            }
        var sending = client.SendAsync(burst.ToArray());
        while (open > 0)
        {
            var answer = await client.ReceiveAsync<AcknowledgementPacket>();
            Assert.True(answer.ReasonCode < ReasonCode.UnspecifiedError, $"{answer.Type} {answer.ReasonCode}");
            if (answer.Type == PacketType.PubRec) await client.AcknowledgeAsync(PacketType.PubRel, answer.PacketId);
            else open--;
        }
        await sending;
    }
}
