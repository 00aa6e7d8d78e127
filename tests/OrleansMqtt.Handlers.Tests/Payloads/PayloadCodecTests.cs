using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Handlers.Tests.Payloads;

public class PayloadCodecTests
{
    private static readonly PayloadCodecs Codecs = new(new ServiceCollection().BuildServiceProvider());

    private sealed record Reading(double Celsius, string? Unit = null);

    private enum Colour { Red, Green }

    [Fact]
    public void Bytes_are_taken_as_they_are()
    {
        byte[] payload = [0, 255, 1];
        Assert.Equal(payload, Read<byte[]>(payload));
        Assert.Equal(payload, Read<ReadOnlyMemory<byte>>(payload).ToArray());
        Assert.Equal(payload, Write<byte[]>(payload));
        Assert.Equal(payload, Write<ReadOnlyMemory<byte>>(payload));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("grüß 😀", "grüß 😀")]
    public void Text_is_UTF8(string text, string expected)
    {
        Assert.Equal(expected, Read<string>(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(Encoding.UTF8.GetBytes(text), Write(text));
    }

    [Fact]
    public void Text_that_is_not_well_formed_is_refused() => Refused<string>([0xC3, 0x28]);

    [Fact]
    public void Numbers_are_text_with_a_point()
    {
        Assert.Equal(-7, Read<int>(" -7\n"u8.ToArray()));
        Assert.Equal(long.MaxValue, Read<long>("9223372036854775807"u8.ToArray()));
        Assert.Equal(21.5, Read<double>("21.5"u8.ToArray()));
        Assert.Equal(1e-3, Read<double>("1e-3"u8.ToArray()));
        Assert.Equal("21.5"u8, Write(21.5));
        Assert.Equal("-7"u8, Write(-7));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,5")]
    [InlineData("0x1")]
    [InlineData("2147483648")]
    [InlineData("1.0")]
    public void What_is_no_whole_number_is_refused(string text) => Refused<int>(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    public void What_is_no_finite_number_is_refused(string text) => Refused<double>(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Truth_has_words()
    {
        Assert.True(Read<bool>("ON"u8.ToArray()));
        Assert.False(Read<bool>(" no "u8.ToArray()));
        Assert.Equal("true"u8, Write(true));
        Refused<bool>("maybe"u8.ToArray());
        var words = BooleanCodec.Create("open, up", "closed")!;
        Assert.True(words.TryRead("Open"u8.ToArray(), out var value, out _) && value);
        Assert.True(words.TryRead("closed"u8.ToArray(), out value, out _) && !value);
        Assert.False(words.TryRead("on"u8.ToArray(), out _, out var reason));
        Assert.Contains("closed", reason, StringComparison.Ordinal);
        Assert.Null(BooleanCodec.Create("on", "ON"));
        Assert.Null(BooleanCodec.Create(" , ", "off"));
    }

    [Fact]
    public void Everything_else_is_JSON()
    {
        Assert.Equal(new Reading(21.5, "C"), Read<Reading>("""{"celsius":21.5,"Unit":"C"}"""u8.ToArray()));
        Assert.Equal("""{"celsius":1,"unit":null}"""u8, Write(new Reading(1)));
        Assert.Equal([1, 2], Read<IReadOnlyList<int>>("[1,2]"u8.ToArray()));
        Assert.Equal(Colour.Green, Read<Colour>("1"u8.ToArray()));
        Assert.Equal(3, Read<JsonElement>("3"u8.ToArray()).GetInt32());
        Assert.Equal("x", Read<JsonNode>("\"x\""u8.ToArray()).GetValue<string>());
        foreach (var payload in new[] { "", "{", "null", "[]", """{"celsius":"warm"}""" }) Refused<Reading>(Encoding.UTF8.GetBytes(payload));
    }

    [Theory]
    [InlineData(typeof(Stream))]
    [InlineData(typeof(IDisposable))]
    [InlineData(typeof(Action))]
    [InlineData(typeof(IntPtr))]
    [InlineData(typeof(Type))]
    [InlineData(typeof(List<>))]
    public void What_no_payload_can_be_has_no_codec(Type type) => Assert.Null(type.ContainsGenericParameters ? null : Codecs.Of(type));

    [Fact]
    public void A_codec_among_the_services_comes_first()
    {
        using var services = new ServiceCollection().AddSingleton<IPayloadCodec<int>, Roman>().BuildServiceProvider();
        var codecs = new PayloadCodecs(services);
        Assert.True(codecs.Of<int>().TryRead("IV"u8.ToArray(), out var value, out _));
        Assert.Equal(4, value);
        Assert.IsType<Roman>(codecs.Of<int>());
    }

    private sealed class Roman : IPayloadCodec<int>
    {
        public bool TryRead(ReadOnlyMemory<byte> payload, out int value, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? reason)
        {
            (value, reason) = (4, null);
            return true;
        }

        public void Write(int value, IBufferWriter<byte> writer) => writer.Write("IV"u8);
    }

    private static T Read<T>(byte[] payload)
    {
        Assert.True(Codecs.Of<T>().TryRead(payload, out var value, out var reason), reason);
        Assert.Null(reason);
        return value;
    }

    private static byte[] Write<T>(T value)
    {
        var writer = new ArrayBufferWriter<byte>();
        Codecs.Of<T>().Write(value, writer);
        return writer.WrittenSpan.ToArray();
    }

    private static void Refused<T>(byte[] payload)
    {
        Assert.False(Codecs.Of<T>().TryRead(payload, out _, out var reason));
        Assert.NotEmpty(reason);
    }
}
