using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class RegisterCheckerTests
{
    [Fact]
    public void One_after_the_other_is_linearizable() => AssertGood(Write("a", 1, 2), Read("a", 3, 4), Write("b", 5, 6), Read("b", 7, 8));

    [Fact]
    public void Nothing_is_read_before_the_first_write() => AssertGood(Read(null, 1, 2), Write("a", 3, 4));

    [Fact]
    public void Reads_during_a_write_may_find_either_value() =>
        AssertGood(Write("a", 1, 2), Write("b", 3, 10), Read("a", 4, 5), Read("b", 6, 7), Read("b", 8, 9));

    [Fact]
    public void Writes_at_the_same_time_may_take_effect_in_either_order() => AssertGood(Write("a", 1, 4), Write("b", 2, 3), Read("a", 5, 6));

    [Fact]
    public void A_write_without_end_may_never_take_effect() => AssertGood(Write("a", 1, 2), Write("b", 3, null), Read("a", 4, 5));

    [Fact]
    public void A_write_without_end_may_take_effect_late() =>
        AssertGood(Write("a", 1, 2), Write("b", 3, null), Read("a", 4, 5), Write("c", 6, 7), Read("c", 8, 9), Read("b", 10, 11));

    [Fact]
    public void An_old_value_after_a_finished_write_is_stale() => AssertBad(Write("a", 1, 2), Write("b", 3, 4), Read("a", 5, 6));

    [Fact]
    public void A_value_does_not_come_back() => AssertBad(Write("a", 1, 2), Write("b", 3, 10), Read("b", 4, 5), Read("a", 6, 7));

    [Fact]
    public void A_write_without_end_takes_effect_once() =>
        AssertBad(Write("a", 1, 2), Write("b", 3, null), Read("b", 4, 5), Write("c", 6, 7), Read("c", 8, 9), Read("b", 10, 11));

    [Fact]
    public void Nothing_after_a_finished_write_is_a_loss() => AssertBad(Write("a", 1, 2), Read(null, 3, 4));

    [Fact]
    public void A_value_that_nobody_wrote_is_invented() => AssertBad(Write("a", 1, 2), Read("b", 3, 4));

    [Fact]
    public void A_value_read_before_it_was_written_is_invented() => AssertBad(Read("a", 1, 2), Write("a", 3, 4));

    [Fact]
    public void The_checker_agrees_with_the_search_of_all_orders()
    {
        var random = new Random(1);
        var good = 0;
        const int Histories = 20_000;
        for (var i = 0; i < Histories; i++)
        {
            var operations = RandomOperations(random);
            var expected = WingGongSearch.IsLinearizable(operations);
            good += expected ? 1 : 0;
            Assert.True(expected == !RegisterChecker.Check("r", operations).Any(), string.Join("; ", operations));
        }

        Assert.InRange(good, Histories / 10, Histories * 9 / 10); // Both kinds were tried.
    }

    [Fact]
    public void A_retained_write_at_QoS_2_may_take_effect_until_PUBCOMP()
    {
        var tale = new Tale().Sent("a", retain: true, qos: 2).Published("b", retain: true, qos: 2).Acknowledged("b")
            .ReadStarted("r").ReadFinished("r", "a").Completed("b");
        Assert.Empty(RegisterChecker.Check(tale.History));
        Assert.Single(RegisterChecker.Check(tale.ReadStarted("r").ReadFinished("r", "a").History));
    }

    [Fact]
    public void A_retained_write_at_QoS_1_has_taken_effect_at_PUBACK_and_a_finding_shows_the_kill()
    {
        var tale = new Tale().Sent("a", retain: true).Sent("b", retain: true).Killed().Back().ReadStarted("r").ReadFinished("r", "a");
        Assert.Single(Assert.Single(RegisterChecker.Check(tale.History)).Events, static e => e.Kind == EventKind.Killing);
    }

    [Fact]
    public void Topics_are_registers_of_their_own_and_abandoned_reads_none()
    {
        var tale = new Tale().Sent("a", "r/1", retain: true).Sent("b", "r/2", retain: true).ReadStarted("r", "r/1").Of("r", EventKind.ReadAbandoned)
            .ReadStarted("r", "r/2").ReadFinished("r", "b", "r/2").ReadStarted("q", "r/1").ReadFinished("q", "a", "r/1");
        Assert.Empty(RegisterChecker.Check(tale.History));
    }

    [Fact]
    public void Nothing_that_came_while_something_failed_is_no_read()
    {
        var tale = new Tale().Sent("a", "r/1", retain: true).ReadStarted("r", "r/1").Killed().ReadFinished("r", null, "r/1").Back();
        Assert.Empty(RegisterChecker.Check(tale.History));
        Assert.Single(RegisterChecker.Check(tale.ReadStarted("r", "r/1").ReadFinished("r", null, "r/1").History));
    }

    private static RegisterOperation Write(string value, long start, long? end) => new(true, value, start, end, new HistoryEvent { Kind = EventKind.Published, Number = start });

    private static RegisterOperation Read(string? value, long start, long end) => new(false, value, start, end, new HistoryEvent { Kind = EventKind.ReadFinished, Number = end });

    private static void AssertGood(params RegisterOperation[] operations)
    {
        Assert.True(WingGongSearch.IsLinearizable(operations));
        Assert.Empty(RegisterChecker.Check("r", operations));
    }

    private static void AssertBad(params RegisterOperation[] operations)
    {
        Assert.False(WingGongSearch.IsLinearizable(operations));
        var finding = RegisterChecker.Check("r", operations).First();
        Assert.Equal(FindingKind.StaleRead, finding.Kind);
        Assert.NotEmpty(finding.Events);
    }

    private static List<RegisterOperation> RandomOperations(Random random)
    {
        string?[] values = [null, "a", "b", "c"];
        var writes = random.Next(1, values.Length);
        var reads = random.Next(1, 5);
        var times = Enumerable.Range(1, 2 * (writes + reads)).Select(static t => (long)t).ToArray();
        random.Shuffle(times);

        // Most are short, so that enough of them are in order.
        if (random.Next(4) > 0)
        {
            for (var i = 0; i < times.Length; i++) times[i] = (4 * i) + random.Next(12) * 100 + 1;
            random.Shuffle(times.AsSpan());
            times = [.. times.Order().Chunk(2).OrderBy(_ => random.Next()).SelectMany(static pair => pair)];
        }

        return
        [
            .. Enumerable.Range(0, writes + reads).Select(i =>
            {
                var (start, end) = (Math.Min(times[2 * i], times[(2 * i) + 1]), Math.Max(times[2 * i], times[(2 * i) + 1]));
                return i < writes ? Write(values[i + 1]!, start, random.Next(5) == 0 ? null : end) : Read(values[random.Next(writes + 1)], start, end);
            }),
        ];
    }
}
