using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

public sealed class VariableByteIntegerTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    [InlineData(268_435_455, "FFFFFF7F")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    public void Values_take_as_few_bytes_as_possible(uint value, string hex)
    {
        var bytes = new byte[4];
        var length = VariableByteInteger.Write(bytes, value);

        Assert.Equal(hex, Convert.ToHexString(bytes.AsSpan(0, length)));
        Assert.Equal(length, VariableByteInteger.GetLength(value));
        Assert.Equal(FrameStatus.Complete, VariableByteInteger.TryRead(bytes, out var read, out var readLength));
        Assert.Equal((value, length), (read, readLength));
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("FF00")]
    [InlineData("808000")]
    [InlineData("FFFFFF00")]
    [InlineData("80808080")]
    [InlineData("FFFFFFFF")]
    [InlineData("8080808001")]
    [Normative("5.0", "MQTT-1.5.5-1")]
    public void Longer_forms_than_needed_and_five_bytes_are_invalid(string hex) =>
        Assert.Equal(FrameStatus.Invalid, VariableByteInteger.TryRead(Convert.FromHexString(hex), out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFF")]
    public void A_beginning_is_incomplete(string hex) =>
        Assert.Equal(FrameStatus.Incomplete, VariableByteInteger.TryRead(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void Values_above_the_maximum_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VariableByteInteger.GetLength(VariableByteInteger.Maximum + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => VariableByteInteger.Write(new byte[8], uint.MaxValue));
    }
}
