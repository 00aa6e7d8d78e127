using System.Buffers;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Frames;

public class FrameFormatTests
{
    private const int MaxBody = 1000;

    [Fact]
    public void A_frame_cut_at_any_byte_waits_for_the_rest()
    {
        byte[] body = [1, 2, 3, 4, 5];
        var bytes = RawPeer.Bytes(FrameKind.Response, -7, body);
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var front = new ReadOnlySequence<byte>(bytes, 0, cut);
            Assert.False(FrameFormat.TryRead(ref front, MaxBody, out _, out var error));
            Assert.Null(error);
            Assert.Equal(cut, front.Length);

            var whole = Segments.Of(bytes[..cut], bytes[cut..], [99]);
            Assert.True(FrameFormat.TryRead(ref whole, MaxBody, out var frame, out _));
            Assert.Equal((FrameKind.Response, -7L), (frame.Kind, frame.Correlation));
            Assert.Equal(body, frame.Body.ToArray());
            Assert.Equal([99], whole.ToArray());
        }
    }

    [Fact]
    public void The_layout_is_fixed() => Assert.Equal(
        [2, 0, 0, 0, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0xAA, 0xBB], RawPeer.Bytes(FrameKind.Request, 0x0102030405060708, [0xAA, 0xBB]));

    [Fact]
    public void The_longest_body_is_let_in() => Assert.Null(ErrorOf(RawPeer.Bytes(FrameKind.OneWay, 0, new byte[MaxBody])));

    [Theory]
    [InlineData(MaxBody + 1)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    public void A_longer_length_is_refused_from_its_header(int length)
    {
        var header = new byte[FrameFormat.HeaderLength];
        FrameFormat.WriteHeader(header, length, FrameKind.Request, 1);
        Assert.Contains("1000 are let in", ErrorOf(header));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    public void An_unknown_kind_is_refused(int kind) => Assert.Contains("unknown kind", ErrorOf(RawPeer.Bytes((FrameKind)kind, 0, [])));

    [Theory]
    [InlineData((int)FrameKind.Ping)]
    [InlineData((int)FrameKind.Pong)]
    [InlineData((int)FrameKind.Goodbye)]
    public void A_control_frame_has_no_body(int kind) => Assert.Contains("with a body", ErrorOf(RawPeer.Bytes((FrameKind)kind, 0, [1])));

    private static string? ErrorOf(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameFormat.TryRead(ref buffer, MaxBody, out _, out var error), error is null);
        return error;
    }
}
