using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Model;

/// <summary>Random operations of a few clients, each answered by a plain model of what everybody must receive.</summary>
public sealed class ModelTests
{
    private static readonly string[] Topics = ["a", "a/b", "a/b/c", "b", "$d/a"];
    private static readonly string[] Filters = ["a", "a/b", "a/#", "+", "+/b", "a/+/c", "#", "$d/#", "b"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_broker_does_what_the_model_says(int run)
    {
        var seed = Seed.Take() + run;
        var random = new Random(seed);
        await using var broker = await TestBroker.StartAsync();
        var retained = new Dictionary<string, (string Text, QualityOfService QoS)>();
        var clients = Enumerable.Range(0, 5).Select(n => new ModelClient($"c{n}", broker, (ProtocolVersion)random.Next(3, 6))).ToList();
        for (var step = 0; step < 300; step++)
        {
            var client = clients[random.Next(clients.Count)];
            switch (random.Next(8))
            {
                case 0 or 1 when !client.IsConnected:
                    await client.ConnectAsync(clean: random.Next(4) == 0);
                    break;
                case 0 when client.IsConnected:
                    await client.DisconnectAsync(abort: random.Next(2) == 0);
                    break;
                case 1 when client.IsConnected:
                    client.Acknowledges = !client.Acknowledges;
                    break;
                case 2 when client.IsConnected:
                    await client.SubscribeAsync(Filters[random.Next(Filters.Length)], (QualityOfService)random.Next(3), retained);
                    break;
                case 3 when client.IsConnected:
                    await client.UnsubscribeAsync(Filters[random.Next(Filters.Length)]);
                    break;
                case 4:
                    var by = random.Next(40);
                    broker.Time.Advance(TimeSpan.FromSeconds(by));
                    foreach (var other in clients) other.Age(by);
                    break;
                case > 4 when client.IsConnected:
                    await PublishAsync(client, $"{seed} {step}");
                    break;
            }
            foreach (var other in clients) await other.CheckAsync();
        }

        async Task PublishAsync(ModelClient publisher, string text)
        {
            var (topic, qos, retain) = (Topics[random.Next(Topics.Length)], (QualityOfService)random.Next(3), random.Next(4) == 0);
            if (retain && random.Next(3) == 0) text = "";
            if (retain && text.Length == 0) retained.Remove(topic);
            else if (retain) retained[topic] = (text, qos);
            foreach (var client in clients) client.Expect(topic, text, qos);
            await publisher.PublishAsync(topic, text, qos, retain);
        }
    }
}
