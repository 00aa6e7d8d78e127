using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class MessageStampTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(long.MaxValue, (1 << 20) - 1, (1L << 44) - 1)]
    [InlineData(1, 99_999, 5_000_000_000)]
    public void What_is_written_is_read(long sentAt, int publisher, long sequence)
    {
        var (stamp, payload) = (new MessageStamp(sentAt, publisher, sequence), new byte[MessageStamp.Length]);
        stamp.Write(payload);
        Assert.True(MessageStamp.TryRead(payload, out var read));
        Assert.Equal(stamp, read);
    }
}
