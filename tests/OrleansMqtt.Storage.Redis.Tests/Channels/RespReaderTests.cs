using System.Text;
using OrleansMqtt.Storage.Redis.Channels;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

public sealed class RespReaderTests
{
    private static readonly string Large = new('x', 300_000);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Frames_are_read_wherever_they_are_cut(int piece)
    {
        var sent = $"+OK\r\n*3\r\n$10\r\npsubscribe\r\n$3\r\na/*\r\n:1\r\n*4\r\n$8\r\npmessage\r\n$3\r\na/*\r\n$3\r\na/b\r\n$4\r\n1\r\n2\r\n*3\r\n$7\r\nmessage\r\n$0\r\n\r\n${Large.Length}\r\n{Large}\r\n*0\r\n*2\r\n$4\r\npong\r\n$0\r\n\r\n";
        var reader = new RespReader(new Pieces(Encoding.ASCII.GetBytes(sent), piece));
        Assert.Equal<string[]>(["OK"], await NextAsync(reader));
        Assert.Equal<string[]>(["psubscribe", "a/*", "1"], await NextAsync(reader));
        Assert.Equal<string[]>(["pmessage", "a/*", "a/b", "1\r\n2"], await NextAsync(reader));
        Assert.Equal<string[]>(["message", "", Large], await NextAsync(reader));
        Assert.Empty(await NextAsync(reader));
        Assert.Equal<string[]>(["pong", ""], await NextAsync(reader));
        await Assert.ThrowsAsync<EndOfStreamException>(() => NextAsync(reader));
    }

    [Theory]
    [InlineData("-NOAUTH Authentication required.\r\n", "Redis says: NOAUTH Authentication required")]
    [InlineData("*2\r\n+a\r\n", "What came is nothing that Redis sends")]
    [InlineData("*9\r\n", "What came is nothing that Redis sends")]
    [InlineData("*x\r\n", "What came is nothing that Redis sends")]
    [InlineData("*1\r\n$-1\r\n", "What came is nothing that Redis sends")]
    [InlineData("\r\n", "What came is nothing that Redis sends")]
    public async Task What_is_no_message_ends_the_connection(string sent, string problem)
    {
        var exception = await Assert.ThrowsAsync<IOException>(() => NextAsync(new RespReader(new Pieces(Encoding.ASCII.GetBytes(sent), int.MaxValue))));
        Assert.StartsWith(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection()
    {
        var exception = await Assert.ThrowsAsync<IOException>(() => NextAsync(new RespReader(new Pieces([.. "*1\r\n$99999999\r\n"u8, .. new byte[RespReader.LargestFrame]], int.MaxValue))));
        Assert.Equal($"A message is larger than {RespReader.LargestFrame} bytes.", exception.Message);
    }

    private static async Task<string[]> NextAsync(RespReader reader)
    {
        while (!reader.TryRead()) await reader.FillAsync(TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, reader.Count).Select(part => Encoding.ASCII.GetString(reader[part]))];
    }

    /// <summary>A stream that gives no more than so many bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
