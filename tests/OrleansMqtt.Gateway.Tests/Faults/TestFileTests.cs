using System.Text;
using OrleansMqtt.Gateway.Faults;

namespace OrleansMqtt.Gateway.Tests.Faults;

public sealed class TestFileTests
{
    [Theory]
    [InlineData("<data>\nhello\n", "hello\n")]
    [InlineData("<data>\n", "")]
    [InlineData("  <data nocheck=\"yes\">\nhello\n\n there\n", "hello\n\n there\n")]
    [InlineData("<data nonewline=\"yes\">\nhello\n", "hello")]
    [InlineData("<data base64=\"yes\">\naGVs\nbG8=\n", "hello")]
    [InlineData("<data>\n<a> & </b>\n</datas>\n", "<a> & </b>\n</datas>\n")]
    [InlineData("<data1>\nother\n</data1>\n<data>\nhello\n", "hello\n")]
    public void The_bytes_of_a_part_are_those_between_its_tags(string part, string expected)
    {
        var file = $"<?xml version=\"1.0\"?>\n<testcase>\n<verify>\n<data>\nwrong\n</data>\n</verify>\n<reply>\n<servercmd>\nx\n</servercmd>\n{part}</data>\n</reply>\n</testcase>\n";
        Assert.True(TestFile.TryGetPart(Encoding.Latin1.GetBytes(file), "reply", "data", out var bytes));
        Assert.Equal(expected, Encoding.Latin1.GetString(bytes));
    }

    [Fact]
    public void Bytes_are_not_taken_for_text()
    {
        byte[] data = [.. Enumerable.Range(0, 256).Select(static i => (byte)i).Where(static b => b is not ((byte)'\n' or (byte)'<'))];
        byte[] file = [.. "<reply>\n<data nonewline=\"yes\">\n"u8, .. data, .. "\n</data>\n"u8];
        Assert.True(TestFile.TryGetPart(file, "reply", "data", out var bytes));
        Assert.Equal(data, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<reply>\n</reply>\n<client>\n<data>\nx\n</data>\n")]
    [InlineData("<reply>\n<data>\nwithout an end\n")]
    public void There_may_be_none(string file) => Assert.False(TestFile.TryGetPart(Encoding.Latin1.GetBytes(file), "reply", "data", out _));
}
