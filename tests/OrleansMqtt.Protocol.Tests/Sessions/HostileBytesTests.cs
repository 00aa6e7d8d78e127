using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>Packets in any order, some of them damaged: neither machine ever throws, and each ends in a defined state.</summary>
public sealed class HostileBytesTests(ITestOutputHelper output)
{
    private static readonly ProtocolVersion[] Versions = Enum.GetValues<ProtocolVersion>();

    [Theory]
    [InlineData(1)]
    [InlineData(0)] // a seed of its own in each run
    public void The_client_machine_takes_anything(int seed)
    {
        var random = Start(seed);
        var ends = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var version = Versions[random.Next(Versions.Length)];
            var client = new ClientConnection();
            client.Connect(new ConnectPacket { Version = version, ClientId = "c", TopicAliasMaximum = version == ProtocolVersion.V50 ? (ushort)2 : null });
            var events = new List<ClientEvent>(client.ReceiveBytes(PacketEncoder.Encode(new ConnAckPacket(), version)));
            client.Publish(new PublishPacket { Topic = "a", QoS = QualityOfService.AtLeastOnce });
            client.Publish(new PublishPacket { Topic = "a", QoS = QualityOfService.ExactlyOnce });
            client.Subscribe([new Subscription { Filter = "a" }]);
            for (var i = 0; i < 10; i++)
            {
                events.AddRange(client.ReceiveBytes(RandomBytes(random, version)));
            }

            var told = events.OfType<ClientDisconnected>().Count();
            Assert.Equal(client.State == ClientConnectionState.Disconnected ? 1 : 0, told);
            ends += told;
        }

        Assert.InRange(ends, 1, 2_999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void The_broker_takes_anything(int seed)
    {
        var random = Start(seed);
        var shell = new BrokerShell();
        var ends = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var version = Versions[random.Next(Versions.Length)];
            var server = new BrokerClientMachine();
            shell.Receive(server, PacketEncoder.Encode(new ConnectPacket { Version = version, ClientId = $"{random.Next(5)}" }, version));
            for (var i = 0; i < 10; i++)
            {
                shell.Receive(server, RandomBytes(random, version));
            }

            var hasEnded = server.State == BrokerClientState.Disconnected;
            ends += hasEnded ? 1 : 0;
            Assert.True(server.Error is null || hasEnded);

            // How many sessions there are is a matter of luck: each of the five clients may just have left without one.
            Assert.InRange(shell.Broker.Sessions.Count, hasEnded ? 0 : 1, 5);
            Assert.True(hasEnded || shell.Broker.Sessions[server.Session.ClientId] == server.Session);
        }

        Assert.InRange(ends, 1, 2_999);
    }

    private Random Start(int seed)
    {
        seed = seed == 0 ? Random.Shared.Next() : seed;
        output.WriteLine($"Seed {seed}");
        return new Random(seed);
    }

    private static byte[] RandomBytes(Random random, ProtocolVersion version)
    {
        var id = (ushort)random.Next(1, 5);
        Packet packet = random.Next(14) switch
        {
            0 => new PublishPacket { Topic = "a", QoS = QualityOfService.AtLeastOnce, PacketId = id },
            1 => new PublishPacket { Topic = "a", QoS = QualityOfService.ExactlyOnce, PacketId = id, Duplicate = random.Next(2) == 0 },
            2 => new PublishPacket { Topic = "a", TopicAlias = version == ProtocolVersion.V50 ? (ushort)random.Next(1, 4) : null },
            3 => new SubAckPacket { PacketId = id, ReasonCodes = [ReasonCode.Success] },
            4 => new SubscribePacket { PacketId = id, Subscriptions = [new Subscription { Filter = random.Next(2) == 0 ? "a" : "a#", MaximumQoS = (QualityOfService)random.Next(3) }] },
            5 => new UnsubscribePacket { PacketId = id, Filters = ["a"] },
            6 => new UnsubAckPacket { PacketId = id, ReasonCodes = [ReasonCode.Success] },
            7 => PingReqPacket.Instance,
            8 => PingRespPacket.Instance,
            9 => random.Next(10) == 0 ? new DisconnectPacket() : new PublishPacket { Topic = "a", Retain = true },
            _ => new AcknowledgementPacket((PacketType)random.Next((int)PacketType.PubAck, (int)PacketType.PubComp + 1)) { PacketId = id },
        };
        var bytes = PacketEncoder.Encode(packet, version);
        if (random.Next(20) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(50) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
