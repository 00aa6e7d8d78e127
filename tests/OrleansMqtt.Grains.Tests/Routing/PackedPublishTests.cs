using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class PackedPublishTests(ITestOutputHelper output)
{
    private sealed record Expected(string? Publisher, string Topic, string Properties, string Payload, QualityOfService QoS, bool Retain, long ExpiresAt, LaneStamp? Stamp, RetainedOrder? Order);

    [Fact]
    public void What_is_packed_comes_back_in_its_order()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var packer = new PublishPacker();
        // Again and again with the same packer: nothing of one pack shows in the next.
        for (var round = 0; round < 50; round++)
        {
            var expected = new List<Expected?>();
            var number = 0L;
            for (var i = random.Next(40); i > 0; i--)
            {
                number += random.Next(1, 3);
                var next = random.Next(8) == 0 ? null : Publish(random, number);
                expected.Add(next);
                if (next is null) packer.AddOther();
                else Add(packer, next);
            }
            Assert.Equal(expected.Count, packer.Count);
            Assert.Equal(expected, Read(packer.Pack()));
        }
    }

    [Fact]
    public void Publishers_and_numbers_that_go_on_take_no_bytes()
    {
        var packer = new PublishPacker();
        for (var i = 1; i <= 3; i++) Add(packer, new Expected("a client", "t", "", "p", QualityOfService.AtMostOnce, false, Message.Never, new LaneStamp(7, i, 1), null));

        // A byte that says what is there, two lengths, topic and payload; what the first one has besides is told once.
        Assert.Equal((5 * 3) + 9 + 10, packer.Length);
    }

    [Fact]
    public void What_is_cut_off_or_changed_is_refused_or_something_else_but_never_read_beyond()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var packer = new PublishPacker();
        for (var i = 1; i <= 5; i++) Add(packer, Publish(random, i));
        var packed = packer.Pack();
        for (var length = 0; length < packed.Bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(packed with { Bytes = packed.Bytes[..length] }));
        Assert.Throws<InvalidDataException>(() => Read(packed with { Count = int.MaxValue }));
        Assert.Throws<InvalidDataException>(() => Read(packed with { Count = -1 }));
        for (var i = 0; i < 2000; i++)
        {
            var at = random.Next(packed.Bytes.Length);
            var failure = Record.Exception(() => Read(packed with { Bytes = packed.Bytes.SetItem(at, (byte)random.Next(256)) }));
            if (failure is not null) Assert.IsType<InvalidDataException>(failure);
        }
    }

    private static Expected Publish(Random random, long number)
    {
        var publish = Unordered(random, number);
        return publish.Retain && random.Next(2) == 0 ? publish with { Order = new RetainedOrder(random.NextInt64(), random.NextInt64(1, long.MaxValue)) } : publish;
    }

    private static Expected Unordered(Random random, long number) => new(
        random.Next(4) switch { 0 => null, 1 => "ä", _ => "client" },
        new string('t', random.Next(1, 300)),
        new string('o', random.Next(3)),
        new string('p', random.Next(3) * 100),
        (QualityOfService)random.Next(3),
        random.Next(2) == 0,
        random.Next(2) == 0 ? Message.Never : random.NextInt64(),
        random.Next(5) == 0 ? null : new LaneStamp(random.Next(4) == 0 ? random.NextInt64() : 7, number, random.Next(4) == 0 ? number : 1),
        null);

    private static void Add(PublishPacker packer, Expected expected)
    {
        var publish = new PublishView
        {
            Publisher = expected.Publisher,
            Topic = Encoding.UTF8.GetBytes(expected.Topic),
            Properties = Encoding.UTF8.GetBytes(expected.Properties),
            Payload = Encoding.UTF8.GetBytes(expected.Payload),
            QoS = expected.QoS,
            Retain = expected.Retain,
            ExpiresAt = expected.ExpiresAt,
            Order = expected.Order,
        };
        packer.Add(in publish, expected.Stamp ?? default);
    }

    private static List<Expected?> Read(PackedPublishes packed)
    {
        var read = new List<Expected?>();
        var unpacker = new PublishUnpacker(packed);
        while (unpacker.TryRead(out var publish, out var isOther))
            read.Add(isOther
                ? null
                : new Expected(
                    publish.Publisher, Encoding.UTF8.GetString(publish.Topic), Encoding.UTF8.GetString(publish.Properties), Encoding.UTF8.GetString(publish.Payload),
                    publish.QoS, publish.Retain, publish.ExpiresAt, publish.Stamp, publish.Order));
        return read;
    }
}
