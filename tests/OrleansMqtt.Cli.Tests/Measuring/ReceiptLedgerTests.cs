using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class ReceiptLedgerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MeasuredSpan _span = new();
    private readonly ReceiptLedger _ledger;

    public ReceiptLedgerTests() => _ledger = new ReceiptLedger(2, _span, _time);

    [Fact]
    public void Publishers_are_followed_each_by_itself()
    {
        Receive(0, 0, 1, 3);
        Receive(1, 1, 0, 0);
        Assert.Equal((6, 1, 1), (_ledger.Received, _ledger.Duplicated, _ledger.Reordered));
        Assert.Equal((4, 2), (_ledger.NextFrom(0), _ledger.NextFrom(1)));
    }

    [Fact]
    public void What_no_publisher_sent_is_stray()
    {
        Receive(2, 0);
        _ledger.Enter(new byte[MessageStamp.Length - 1], 0);
        Assert.Equal((0, 2), (_ledger.Received, _ledger.Stray));
    }

    [Fact]
    public void The_latency_is_that_of_messages_sent_in_the_measured_span()
    {
        var before = Stamped(0, 0);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _span.Begin(_time.GetTimestamp());
        var within = Stamped(0, 1);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        _span.End(_time.GetTimestamp());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var after = Stamped(0, 2);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        foreach (var payload in (byte[][])[before, within, after]) _ledger.Enter(payload, _time.GetTimestamp());
        Assert.Equal((3, 1, 6_000_000), (_ledger.Received, _ledger.Latency.Count, _ledger.Latency.Maximum));
    }

    [Theory]
    [InlineData(10, 0, 1, 8)]
    [InlineData(10, 0, 2, 18)]
    [InlineData(10, 4, 2, 10)]
    [InlineData(2, 0, 1, 0)]
    [InlineData(2, 1, 1, 0)] // Refused, and delivered all the same.
    public void Lost_is_what_was_sent_and_neither_refused_nor_received(long sent, long refused, int copies, long lost)
    {
        Receive(0, 0, 1, 1, 0); // Two messages, each of them twice.
        Assert.Equal(lost, MessageCounts.Of(sent, 0, refused, copies, [_ledger]).Lost);
    }

    private void Receive(int publisher, params long[] sequences)
    {
        foreach (var sequence in sequences) _ledger.Enter(Stamped(publisher, sequence), _time.GetTimestamp());
    }

    private byte[] Stamped(int publisher, long sequence)
    {
        var payload = new byte[MessageStamp.Length + 4];
        new MessageStamp(_time.GetTimestamp(), publisher, sequence).Write(payload);
        return payload;
    }
}
