using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Tests.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Connections;

public sealed class OutboundWindowTests(ITestOutputHelper output)
{
    [Fact]
    public void Identifiers_begin_at_1_and_never_are_0()
    {
        var window = new OutboundWindow<string>();

        Assert.Equal(1, window.Add(InflightState.AwaitingPubAck, "a"));
        Assert.Equal(2, window.Add(InflightState.AwaitingPubAck, "b"));
        Assert.Equal((InflightState.Free, InflightState.Free), (window.Find(0, out _, out _), window.Find(3, out _, out _)));
        Assert.Equal([1, 65_535, 1], new[] { 0L, 65_534, 65_535 }.Select(n => (int)PacketIdentifiers.Of(n)));
    }

    [Fact]
    public void It_is_full_when_every_identifier_is_in_use_and_frees_the_oldest_first()
    {
        var window = new OutboundWindow<int>();
        for (var i = 0; i < PacketIdentifiers.Count; i++)
        {
            Assert.True(window.HasRoom);
            window.Add(InflightState.AwaitingPubAck, i);
        }

        Assert.False(window.HasRoom);
        Assert.False(window.Fits(window.NextSequence));
        Assert.Throws<InvalidOperationException>(() => window.Add(InflightState.AwaitingPubAck, 0));
        // Room comes from the oldest end: an identifier in the middle stays taken up until all before it are done.
        Assert.True(window.Remove(2));
        Assert.False(window.HasRoom);
        Assert.True(window.Remove(1));
        Assert.True(window.HasRoom);
        Assert.Equal(1, window.Add(InflightState.AwaitingPubAck, -1));
        Assert.Equal(InflightState.AwaitingPubAck, window.Find(1, out var sequence, out var value));
        Assert.Equal((65_535, -1), (sequence, value));
    }

    [Fact]
    public void Release_moves_a_QoS_2_message_on_and_nothing_else()
    {
        var window = new OutboundWindow<string>();
        var (one, two) = (window.Add(InflightState.AwaitingPubAck, "one"), window.Add(InflightState.AwaitingPubRec, "two"));

        Assert.False(window.Release(one, ""));
        Assert.True(window.Release(two, "rest"));
        Assert.True(window.Release(two, "again"));
        Assert.False(window.Release(9, ""));
        Assert.Equal((InflightState.AwaitingPubComp, "again"), (window.Find(two, out _, out var value), value));
    }

    [Fact]
    public void A_number_that_has_passed_or_lies_too_far_ahead_does_not_fit()
    {
        var window = new OutboundWindow<int>();
        window.Add(100, InflightState.AwaitingPubAck, 0);

        Assert.False(window.Fits(100));
        Assert.False(window.Fits(99));
        Assert.True(window.Fits(101));
        Assert.True(window.Fits(100 + 65_534));
        Assert.False(window.Fits(100 + 65_535));
        Assert.Throws<InvalidOperationException>(() => window.Add(100, InflightState.AwaitingPubAck, 0));
        Assert.Equal((InflightState.AwaitingPubAck, 1), (window.Find(101, out _, out _), window.Count));
    }

    [Fact]
    public void It_does_what_a_dictionary_by_number_does()
    {
        var random = new Random(TestSeed.Take(output));
        var window = new OutboundWindow<long>();
        var model = new SortedDictionary<long, (InflightState State, long Value)>();
        var next = 0L;
        for (var step = 0; step < 200_000; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1 when model.Count < 200:
                    // Now and then a gap, as a log with removed entries has.
                    var number = next + (random.Next(50) == 0 ? random.Next(1000) : 0);
                    if (!window.Fits(number)) break;
                    var state = (InflightState)random.Next(1, 4);
                    Assert.Equal(PacketIdentifiers.Of(number), window.Add(number, state, number));
                    model[number] = (state, number);
                    next = number + 1;
                    break;
                case 2 or 3 when model.Count > 0:
                    var removed = model.Keys.ElementAt(random.Next(Math.Min(model.Count, 20)));
                    Assert.True(window.Remove(PacketIdentifiers.Of(removed)));
                    Assert.False(window.Remove(PacketIdentifiers.Of(removed)));
                    model.Remove(removed);
                    break;
                case 4 when model.Count > 0:
                    var released = model.Keys.ElementAt(random.Next(model.Count));
                    var moves = model[released].State != InflightState.AwaitingPubAck;
                    Assert.Equal(moves, window.Release(PacketIdentifiers.Of(released), -released));
                    if (moves) model[released] = (InflightState.AwaitingPubComp, -released);
                    break;
            }
            Assert.Equal(model.Count, window.Count);
            if (step % 100 != 0) continue;
            Assert.Equal(model.Select(m => (m.Key, m.Value.State, m.Value.Value)), window.Entries());
            foreach (var (number, expected) in model)
                Assert.Equal((expected.State, number, expected.Value), (window.Find(PacketIdentifiers.Of(number), out var found, out var value), found, value));
        }
    }
}
