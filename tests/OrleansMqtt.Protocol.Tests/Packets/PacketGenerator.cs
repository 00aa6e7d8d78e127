using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>Makes random packets that a version can express in full, so that decoding must give back all of them.</summary>
internal sealed partial class PacketGenerator(Random random)
{
    private static readonly ReasonCode[] AllCodes = Enum.GetValues<ReasonCode>().Distinct().ToArray();

    private static readonly int[] Lengths = [0, 1, 2, 7, 15, 16, 17, 31, 64, 127, 128, 300];

    internal Packet Next(PacketType type, ProtocolVersion version) => type switch
    {
        PacketType.Connect => Connect(version),
        PacketType.ConnAck => ConnAck(version),
        PacketType.Publish => Publish(version),
        PacketType.Subscribe => Subscribe(version),
        PacketType.SubAck => SubAck(version),
        PacketType.Unsubscribe => Unsubscribe(version),
        PacketType.UnsubAck => UnsubAck(version),
        PacketType.PingReq => PingReqPacket.Instance,
        PacketType.PingResp => PingRespPacket.Instance,
        PacketType.Disconnect => Disconnect(version),
        PacketType.Auth => Auth(),
        _ => Acknowledgement(type, version),
    };

    private bool Coin() => random.Next(2) == 0;

    private T? Maybe<T>(Func<T> make)
        where T : struct => Coin() ? make() : null;

    private string? MaybeText() => Coin() ? Text() : null;

    private ushort Id() => (ushort)random.Next(1, 65_536);

    private ushort Word() => (ushort)random.Next(65_536);

    private uint Number() => (uint)random.NextInt64(1L << random.Next(1, 33));

    private QualityOfService QoS() => (QualityOfService)random.Next(3);

    private ReadOnlyMemory<byte> Bytes()
    {
        var bytes = new byte[Lengths[random.Next(Lengths.Length)]];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (var i = Lengths[random.Next(Lengths.Length)]; i > 0; i--) text.Append(Character());
        return text.ToString();
    }

    private Rune Character()
    {
        int[] bounds = [0x80, 0x800, 0x10000, 0x110000];
        while (true)
        {
            if (Rune.TryCreate(random.Next(1, bounds[random.Next(10) < 7 ? 0 : random.Next(4)]), out var rune)) return rune;
        }
    }

    private string TopicName()
    {
        var name = Text().Replace('+', '/').Replace('#', '/');
        return name.Length == 0 ? "t" : name;
    }

    private string Filter()
    {
        var filter = Text();
        return filter.Length == 0 ? "+/#" : filter;
    }

    private ReadOnlyMemory<byte> AnyBytes() => Bytes();

    private UserProperty[] UserProperties()
    {
        var properties = new UserProperty[Coin() ? 0 : random.Next(4)];
        for (var i = 0; i < properties.Length; i++) properties[i] = new UserProperty(Text(), Text());
        return properties;
    }

    private ReasonCode Code(PacketType type)
    {
        while (true)
        {
            var code = AllCodes[random.Next(AllCodes.Length)];
            if (ReasonCodes.IsAllowed(type, code)) return code;
        }
    }

    private T[] List<T>(Func<T> make)
    {
        var list = new T[random.Next(1, 6)];
        for (var i = 0; i < list.Length; i++) list[i] = make();
        return list;
    }

    private Will Will(bool full) => full
        ? new Will
        {
            Topic = TopicName(), Payload = Bytes(), QoS = QoS(), Retain = Coin(), DelayInterval = Number(), MessageExpiryInterval = Maybe(Number),
            ForwardedProperties = MessageProperties.Encode(
                Maybe(Coin), MaybeText(), Coin() ? TopicName() : null, Maybe(AnyBytes), UserProperties()),
        }
        : new Will { Topic = TopicName(), Payload = Bytes(), QoS = QoS(), Retain = Coin() };
}
