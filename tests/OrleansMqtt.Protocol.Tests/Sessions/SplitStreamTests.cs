using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Sessions;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Sessions;

/// <summary>The two machines joined by byte streams cut at every place: what happens does not depend on the cut.</summary>
public sealed class SplitStreamTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public void Every_cut_gives_the_same_events(ProtocolVersion version)
    {
        var whole = Converse(version, int.MaxValue, out var longest);
        Assert.Contains("ClientConnected", whole, StringComparison.Ordinal);
        Assert.Contains("ClientSubscribed", whole, StringComparison.Ordinal);
        Assert.Equal(3, whole.Split("ClientMessageReceived").Length - 1);
        Assert.Equal(2, whole.Split("ClientPublished").Length - 1);
        Assert.Contains("ClientUnsubscribed", whole, StringComparison.Ordinal);
        Assert.Contains("ClientPingResponse", whole, StringComparison.Ordinal);
        Assert.InRange(longest, 50, 500);
        for (var cut = 0; cut <= longest; cut++)
        {
            Assert.Equal(whole, Converse(version, cut, out _));
        }
    }

    /// <summary>Each exchange of bytes, in both directions, is cut at one place; at 0, into single bytes.</summary>
    private static string Converse(ProtocolVersion version, int cut, out int longest)
    {
        var shell = new BrokerShell();
        var server = new BrokerClientMachine();
        var client = new ClientConnection();
        var told = new List<string>();
        longest = 0;
        client.Connect(new ConnectPacket { Version = version, ClientId = "c", CleanStart = true, TopicAliasMaximum = version == ProtocolVersion.V50 ? (ushort)4 : null });
        for (var act = 0; ; act++)
        {
            Exchange(ref longest);
            switch (act)
            {
                case 0:
                    client.Subscribe([new Subscription { Filter = "a/#", MaximumQoS = QualityOfService.ExactlyOnce }]);
                    break;
                case 1:
                    for (var qos = QualityOfService.AtMostOnce; qos <= QualityOfService.ExactlyOnce; qos++)
                    {
                        client.Publish(new PublishPacket { Topic = "a/b", QoS = qos, Payload = new byte[20], ContentType = version == ProtocolVersion.V50 ? "x" : null });
                    }

                    break;
                case 2:
                    // On its own: the machine answers it at once, before the broker deals with what came in the same bytes.
                    client.Ping();
                    break;
                case 3:
                    client.Unsubscribe(["a/#"]);
                    break;
                default:
                    return string.Join('\n', told);
            }
        }

        void Exchange(ref int longest)
        {
            while (client.HasOutboundData || server.HasOutboundData)
            {
                var outbound = client.GetOutboundData();
                longest = Math.Max(longest, outbound.Length);
                foreach (var part in Cut(outbound))
                {
                    shell.Receive(server, part);
                }

                outbound = server.GetOutboundData();
                longest = Math.Max(longest, outbound.Length);
                foreach (var part in Cut(outbound))
                {
                    told.AddRange(client.ReceiveBytes(part).Select(Describe));
                }
            }
        }

        IEnumerable<byte[]> Cut(byte[] bytes) => cut == 0
            ? bytes.Select(single => new[] { single })
            : [bytes[..Math.Min(cut, bytes.Length)], bytes[Math.Min(cut, bytes.Length)..]];
    }

    private static string Describe(ClientEvent told) => told switch
    {
        ClientMessageReceived received => $"{told.GetType().Name} {PacketText.Describe(received.Message)}",
        ClientConnected connected => $"{told.GetType().Name} {PacketText.Describe(connected.Packet)}",
        ClientSubscribed subscribed => $"{told.GetType().Name} {string.Join(' ', subscribed.ReasonCodes)}",
        ClientUnsubscribed unsubscribed => $"{told.GetType().Name} {string.Join(' ', unsubscribed.Filters)}",
        _ => told.ToString(),
    };
}
