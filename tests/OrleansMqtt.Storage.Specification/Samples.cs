using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What the specifications store, and how it is compared.</summary>
public static class Samples
{
    public static Message Message(string text, string topic = "t", MessageIdentity? identity = null) =>
        new(Encoding.UTF8.GetBytes(topic), [], Encoding.UTF8.GetBytes(text)) { QoS = QualityOfService.AtLeastOnce, Identity = identity };

    public static Message FullMessage(string topic = "a/b") => new(Encoding.UTF8.GetBytes(topic), [0x01, 0x01], [0, 255, 10, 13])
    {
        QoS = QualityOfService.ExactlyOnce, Retain = true, ExpiresAt = 1_900_000_000_000, Publisher = "püblisher", Identity = Identity(7, 3, source: "session/püblisher"),
        Order = new RetainedOrder(1L << 50, RetainedOrder.Will),
    };

    public static MessageIdentity Identity(long count, long floor = 0, long epoch = 1, long? floorEpoch = null, string source = "session/p") =>
        new(source, new MessageNumber(epoch, count), new MessageNumber(floorEpoch ?? epoch, floor));

    public static SessionLogEntry Entry(long position, string? text = null, MessageIdentity? identity = null) =>
        new() { Sequence = position, QoS = QualityOfService.ExactlyOnce, Message = Message(text ?? $"m{position}", identity: identity) };

    public static ImmutableArray<SessionLogEntry> Entries(long from, int count) => [.. Enumerable.Range(0, count).Select(i => Entry(from + i))];

    public static SessionLogUpdate Removed(params long[] positions) => new([.. positions], [], [], []);

    public static SessionLogUpdate Released(params long[] positions) => new([], [.. positions], [], []);

    public static SessionLogUpdate Stored(params InboundMessage[] messages) => new([], [], [.. messages], []);

    public static SessionLogUpdate Published(params ushort[] packetIds) => new([], [], [], [.. packetIds]);

    public static string Text(this Message message) => Encoding.UTF8.GetString(message.Payload);

    public static void AssertSame(Message expected, Message actual)
    {
        Assert.Equal(expected.Topic.ToArray(), actual.Topic.ToArray());
        Assert.Equal(expected.Properties.ToArray(), actual.Properties.ToArray());
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(
            (expected.QoS, expected.Retain, expected.ExpiresAt, expected.Publisher, expected.Identity, expected.Order),
            (actual.QoS, actual.Retain, actual.ExpiresAt, actual.Publisher, actual.Identity, actual.Order));
    }

    public static void AssertSame(SessionLogEntry expected, SessionLogEntry actual)
    {
        AssertSame(expected.Message, actual.Message);
        Assert.Equal((expected.Sequence, expected.QoS, expected.Retain, expected.Group), (actual.Sequence, actual.QoS, actual.Retain, actual.Group));
        Assert.Equal(expected.SubscriptionIdentifiers.AsEnumerable(), actual.SubscriptionIdentifiers.AsEnumerable());
    }

    public static RouteChange Route(string filter, string client, QualityOfService qos = QualityOfService.AtLeastOnce, bool removed = false) =>
        RouteChanges.OfSession(client, filter, new SubscriptionOptions(qos, true, false, RetainHandling.SendIfNewSubscription, 17), removed);
}
