using System.Buffers;
using System.Net;
using System.Text;
using OrleansMqtt.Gateway.Listeners;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 1883", "192.0.2.1:56324")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535", "[2001:db8::1]:1")]
    [InlineData("PROXY UNKNOWN", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff whatever it says", null)]
    public void Version_1_says_where_the_client_is(string line, string? client) => Takes(Encoding.ASCII.GetBytes($"{line}\r\n"), client);

    [Theory]
    [InlineData("21 11 000C C0000201 C6336402 DC04 075B", "192.0.2.1:56324")]
    [InlineData("21 21 0024 20010DB8000000000000000000000001 20010DB8000000000000000000000002 0001 FFFF", "[2001:db8::1]:1")]
    // Further fields: passed over.
    [InlineData("21 11 0013 C0000201 C6336402 DC04 075B 04 0004 00000000", "192.0.2.1:56324")]
    // The balancer's own, one of no family, and one of Unix sockets.
    [InlineData("20 00 0000", null)]
    [InlineData("20 11 000C C0000201 C6336402 DC04 075B", null)]
    [InlineData("21 00 0003 010203", null)]
    public void Version_2_says_where_the_client_is(string rest, string? client) => Takes(Convert.FromHexString((Signature + rest).Replace(" ", "")), client);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXZ TCP4")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 65536 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 -1 1\r\n")]
    [InlineData("PROXY TCP5 192.0.2.1 198.51.100.2 1 1\r\n")]
    [InlineData("PROXY \r\n")]
    // 107 bytes without an end.
    [InlineData("PROXY UNKNOWN 7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123")]
    public void What_is_no_header_of_version_1_is_refused(string text) => Refuses(Encoding.ASCII.GetBytes(text));

    [Theory]
    // An unknown version, an unknown command, too short for its addresses, too long.
    [InlineData("11 11 000C C0000201 C6336402 DC04 075B")]
    [InlineData("22 11 000C C0000201 C6336402 DC04 075B")]
    [InlineData("21 11 000B C0000201 C6336402 DC04 07")]
    [InlineData("21 21 000C C0000201 C6336402 DC04 075B")]
    [InlineData("21 11 0FF1")]
    [InlineData("21 11 FFFF")]
    public void What_is_no_header_of_version_2_is_refused(string rest) => Refuses(Convert.FromHexString((Signature + rest).Replace(" ", "")));

    [Fact]
    public void What_is_no_header_is_refused_at_its_first_byte()
    {
        // CONNECT.
        Refuses([0x10]);
    }

    private static void Takes(byte[] header, string? expected)
    {
        byte[] more = [.. header, 0x10, 0x0C];
        for (var split = 0; split <= more.Length; split++)
        {
            var buffer = Segment.Of(more[..split], more[split..]);
            Assert.True(ProxyHeader.TryTake(ref buffer, out var client), $"split at {split}");
            Assert.Equal(expected is null ? null : IPEndPoint.Parse(expected), client);
            Assert.Equal(more[header.Length..], buffer.ToArray());
        }
        for (var length = 0; length < header.Length; length++)
        {
            var part = new ReadOnlySequence<byte>(header, 0, length);
            Assert.False(ProxyHeader.TryTake(ref part, out _), $"{length} bytes");
            Assert.Equal(length, part.Length);
        }
    }

    private static void Refuses(byte[] bytes) => Assert.Throws<InvalidDataException>(() =>
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        ProxyHeader.TryTake(ref buffer, out _);
    });

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Of(byte[] first, byte[] second)
        {
            var end = new Segment { Memory = second, RunningIndex = first.Length };
            return new ReadOnlySequence<byte>(new Segment { Memory = first, Next = end }, 0, end, second.Length);
        }
    }
}
