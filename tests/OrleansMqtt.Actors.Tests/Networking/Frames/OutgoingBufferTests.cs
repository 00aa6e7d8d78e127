using System.Buffers;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Frames;

public class OutgoingBufferTests
{
    private const int MaxBody = 200_000;

    [Fact]
    public void What_is_taken_is_what_was_written_whatever_the_sizes()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var buffer = new OutgoingBuffer();
        var expected = new ArrayBufferWriter<byte>();
        var taken = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 500; i++)
        {
            var body = new byte[random.Next(random.Next(2) == 0 ? 100 : 60_000)];
            random.NextBytes(body);
            Assert.Equal(FrameFormat.HeaderLength + body.Length, buffer.WriteFrame(FrameKind.Request, i, new BytesBody(body), MaxBody));
            expected.Write(RawPeer.Bytes(FrameKind.Request, i, body));
            if (random.Next(3) == 0)
            {
                Take(buffer, random.Next(1, 100_000), taken);
            }
        }

        Take(buffer, int.MaxValue, taken);
        Assert.Equal(expected.WrittenSpan, taken.WrittenSpan);
        Assert.Equal((expected.WrittenCount, expected.WrittenCount, 0), (buffer.Written, buffer.Taken, buffer.Length));
        Assert.Null(buffer.Take(int.MaxValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16_384 - 13)]
    public void A_frame_that_is_too_long_or_whose_body_fails_leaves_nothing(int before)
    {
        var buffer = new OutgoingBuffer();
        var taken = new ArrayBufferWriter<byte>();
        buffer.WriteFrame(FrameKind.OneWay, 1, new BytesBody(new byte[before]), MaxBody);

        Assert.Equal(-1, buffer.WriteFrame(FrameKind.OneWay, 2, new BytesBody(new byte[MaxBody + 1]), MaxBody));
        Assert.Throws<InvalidOperationException>(() => buffer.WriteFrame(FrameKind.OneWay, 3, new FailingBody(100_000), MaxBody));
        buffer.WriteFrame(FrameKind.OneWay, 4, new BytesBody(new byte[7]), MaxBody);
        Take(buffer, int.MaxValue, taken);

        Assert.Equal([.. RawPeer.Bytes(FrameKind.OneWay, 1, new byte[before]), .. RawPeer.Bytes(FrameKind.OneWay, 4, new byte[7])], taken.WrittenSpan);
    }

    [Fact]
    public void A_writer_cannot_go_beyond_the_memory_it_got()
    {
        var buffer = new OutgoingBuffer();
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1));
        var room = buffer.GetSpan(10).Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
    }

    private static void Take(OutgoingBuffer buffer, int bytes, ArrayBufferWriter<byte> output)
    {
        if (buffer.Take(bytes) is { } blocks)
        {
            OutgoingBlock.CopyAndRelease(blocks, output);
        }
    }

    private readonly struct FailingBody(int length) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output)
        {
            output.Write(new byte[length]);
            throw new InvalidOperationException("A value cannot be written.");
        }
    }
}
