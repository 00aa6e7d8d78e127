using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Metrics;

/// <summary>Copies = sent + waiting + dropped at every quiet moment of a random workload.</summary>
public sealed class AccountingTests
{
    private const int Clients = 8;

    // Only a hang, or a copy that is not accounted for, ends here.
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);
    private static readonly string[] Filters = ["a", "b", "+", "#", "$share/g/a", "$share/g/#", "$oshare/o/+"];

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest)]
    [InlineData(QueueFullPolicy.DropOldest)]
    [InlineData(QueueFullPolicy.Disconnect)]
    public async Task Every_copy_is_accounted_for(QueueFullPolicy policy)
    {
        var random = new Random(Seed.Take());
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = 6, WhenFull = policy } });
        var publisher = await broker.ConnectAsync("publisher");
        var listeners = new Listener?[Clients];
        for (var step = 0; step < 200; step++)
        {
            var n = random.Next(Clients);
            switch (random.Next(6))
            {
                case 0:
                    listeners[n] = new Listener(await broker.ConnectAsync(RandomConnect(n, random)));
                    break;
                case 1 when listeners[n] is { Ended.IsCompleted: false } leaving:
                    var (expiry, reason) = (random.Next(3) == 0 ? 0 : (uint?)null, random.Next(2) == 0 ? ReasonCode.Success : ReasonCode.DisconnectWithWill);
                    await leaving.LeaveAsync(new DisconnectPacket { ReasonCode = reason, SessionExpiryInterval = expiry });
                    break;
                case 2 when listeners[n] is { Ended.IsCompleted: false } subscribing:
                    var subscription = new Subscription { Filter = Filters[random.Next(Filters.Length)], MaximumQoS = (QualityOfService)random.Next(3) };
                    await subscribing.AskAsync(new SubscribePacket { PacketId = subscribing.NextPacketId(), Subscriptions = [subscription] });
                    break;
                case 3:
                    broker.Time.Advance(TimeSpan.FromSeconds(random.Next(4)));
                    break;
                default:
                    await PublishBurstAsync(publisher, random);
                    break;
            }
            await SettleAsync(broker);
        }
        for (var n = 0; n < Clients; n++) await broker.ConnectAsync($"c{n}", cleanStart: true);
        await SettleAsync(broker);
        Assert.Equal(0, broker.Metrics.Waiting);
    }

    // Rounds of questions to everybody at work, until what they count agrees; a copy that was forgotten, or counted twice, never does.
    private static async Task SettleAsync(TestBroker broker)
    {
        var grains = broker.Services.GetRequiredService<IGrainFactory>();
        var metrics = broker.Metrics;
        for (var start = TimeProvider.System.GetTimestamp(); metrics.Copies != metrics.Sent + metrics.Waiting + metrics.TotalDropped;)
        {
            for (var n = 0; n < Clients; n++) await grains.GetGrain<ISessionGrain>(SessionKey.Of($"c{n}")).UnsubscribeAsync(-1, []);
            if (TimeProvider.System.GetElapsedTime(start) > HangGuard) broker.AssertAccounts();
        }
        Assert.True(metrics.Waiting >= 0);
    }

    private static ConnectPacket RandomConnect(int n, Random random) => new()
    {
        Version = ProtocolVersion.V50,
        ClientId = $"c{n}",
        CleanStart = random.Next(3) == 0,
        SessionExpiryInterval = random.Next(3) switch { 0 => 0u, 1 => 3u, _ => 1000u },
        ReceiveMaximum = random.Next(2) == 0 ? (ushort)1 : null,
        MaximumPacketSize = random.Next(3) == 0 ? 120u : null,
        Will = random.Next(3) == 0 ? new Will { Topic = "a", Payload = new byte[20], QoS = (QualityOfService)random.Next(3), DelayInterval = (uint)random.Next(3) } : null,
    };

    // All at once, so that queues fill and batches form.
    private static async Task PublishBurstAsync(TestClient publisher, Random random)
    {
        var (burst, open) = (new List<byte>(), 0);
        for (var i = random.Next(1, 25); i > 0; i--)
        {
            var qos = (QualityOfService)random.Next(3);
            var packet = new PublishPacket
            {
                Topic = random.Next(2) == 0 ? "a" : "b", Payload = new byte[random.Next(200)], QoS = qos, PacketId = qos == 0 ? (ushort)0 : publisher.NextPacketId(),
                MessageExpiryInterval = random.Next(4) == 0 ? (uint)random.Next(1, 5) : null,
            };
            burst.AddRange(Protocol.Codec.PacketEncoder.Encode(packet, ProtocolVersion.V50));
            if (qos > 0) open++;
        }
        await publisher.SendAsync(burst.ToArray());
        while (open > 0)
        {
            var answer = await publisher.ReceiveAsync<AcknowledgementPacket>();
            if (answer.Type == PacketType.PubRec) await publisher.AcknowledgeAsync(PacketType.PubRel, answer.PacketId);
            else open--;
        }
        await publisher.ExpectNothingAsync();
    }
}
