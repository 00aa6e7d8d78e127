using System.Net.WebSockets;
using OrleansMqtt.Gateway.Listeners.WebSockets;

namespace OrleansMqtt.Gateway.Tests.Listeners.WebSockets;

/// <summary>What the base class library's own client frames is the measure.</summary>
public sealed class FrameDecoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 64)]
    [InlineData(4, 100_000)]
    public async Task What_a_client_frames_comes_out_as_it_went_in_however_it_is_cut(int seed, int longestPiece)
    {
        var random = new Random(seed);
        var (sent, framed) = (new MemoryStream(), new MemoryStream());
        using var client = WebSocket.CreateFromStream(framed, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero });
        foreach (var size in (int[])[0, 1, 7, 8, 9, 125, 126, 127, 300, 65_535, 65_536, 70_000, 0, 3])
        {
            var payload = new byte[size];
            random.NextBytes(payload);
            sent.Write(payload);
            await client.SendAsync(payload, WebSocketMessageType.Binary, random.Next(2) == 0, TestContext.Current.CancellationToken);
        }
        var (decoder, received, output) = (new FrameDecoder(), new MemoryStream(), new byte[1000]);
        for (var bytes = framed.ToArray().AsMemory(); !bytes.IsEmpty;)
        {
            var piece = bytes[..Math.Min(bytes.Length, random.Next(1, longestPiece + 1))];
            ReadOnlySpan<byte> input = piece.Span;
            while (!input.IsEmpty)
            {
                Assert.Null(decoder.Decode(ref input, output.AsSpan(0, random.Next(1, output.Length)), out var written));
                received.Write(output, 0, written);
            }
            bytes = bytes[piece.Length..];
        }
        Assert.True(received.ToArray().AsSpan().SequenceEqual(sent.ToArray()), $"seed {seed}");
    }

    [Theory]
    [InlineData("8980" + "00000000", "8A00", false)] // A ping.
    [InlineData("8982" + "00000000" + "0102", "8A020102", false)]
    [InlineData("8A81" + "00000000" + "01", "", false)] // A pong.
    [InlineData("8880" + "00000000", "8800", true)] // A close without a status.
    [InlineData("8882" + "00000000" + "03E8", "880203E8", true)]
    [InlineData("8885" + "00000000" + "0FA0414243", "88020FA0", true)] // With a reason.
    [InlineData("8881" + "00000000" + "03", "880203EA", true)] // Half a status.
    [InlineData("8882" + "00000000" + "03ED", "880203EA", true)] // One that is never sent.
    [InlineData("8180" + "00000000", "880203EB", true)] // Text.
    [InlineData("8080" + "00000000", "880203EA", true)] // It goes on with nothing.
    [InlineData("0980" + "00000000", "880203EA", true)] // A ping in parts.
    [InlineData("89FE007E" + "00000000", "880203EA", true)] // A ping of 126 bytes.
    [InlineData("82FF8000000000000000" + "00000000", "880203EA", true)] // More than can be.
    [InlineData("028100000000AA" + "8281" + "00000000", "880203EA", true)] // A message in a message.
    public void Control_frames_and_breaches_are_answered(string frames, string answer, bool isEnd)
    {
        var (decoder, output) = (new FrameDecoder(), new byte[100]);
        ReadOnlySpan<byte> input = Convert.FromHexString(frames);
        ControlFrame? found = null;
        // Byte by byte.
        for (; found is null && !input.IsEmpty; input = input[1..])
        {
            var one = input[..1];
            found = decoder.Decode(ref one, output, out _);
        }
        Assert.Equal((answer, isEnd), (Convert.ToHexString(found!.Bytes), found.EndsStream));
    }
}
