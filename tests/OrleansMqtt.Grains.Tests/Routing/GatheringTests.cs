using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class GatheringTests
{
    private readonly ListLogger _logger = new();
    private readonly List<string> _sent = [];

    [Theory]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("thrown")]
    public async Task What_is_to_be_done_afterwards_does_not_run_under_the_callers_locks(string outcome)
    {
        var gathering = new Gathering<string>(
            _ => outcome switch { "completed" => Task.CompletedTask, "failed" => Task.FromException(new IOException()), _ => throw new IOException() }, _logger);
        var gate = new Lock();
        var done = new TaskCompletionSource<(bool Held, Exception? Failure)>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate) gathering.TryAdd("a", failure => done.SetResult((gate.IsHeldByCurrentThread, failure)));
        var (held, reported) = await done.Task;

        Assert.False(held);
        Assert.Equal(outcome == "completed" ? null : typeof(IOException), reported?.GetType());
    }

    [Fact]
    public async Task The_call_itself_is_made_at_once()
    {
        var made = 0;
        var gathering = new Gathering<string>(_ =>
        {
            made = Environment.CurrentManagedThreadId;
            return Task.CompletedTask;
        }, _logger);
        gathering.TryAdd("a", null);
        Assert.Equal(Environment.CurrentManagedThreadId, made);
        await gathering.BarrierAsync();
    }

    [Fact]
    public async Task A_callback_that_throws_is_logged_and_keeps_nobody_from_theirs()
    {
        var first = new TaskCompletionSource();
        var gathering = new Gathering<string>(batch =>
        {
            _sent.AddRange(batch);
            return batch[0] == "first" ? first.Task : Task.CompletedTask;
        }, _logger);
        gathering.TryAdd("first", null);
        var done = new TaskCompletionSource();
        gathering.TryAdd("throws", _ => throw new InvalidOperationException("a defect"));
        gathering.TryAdd("next", _ => done.SetResult());
        first.SetResult();
        await done.Task;
        await gathering.BarrierAsync();
        // It still takes items.
        var later = new TaskCompletionSource();
        gathering.TryAdd("later", _ => later.SetResult());
        await later.Task;

        Assert.Equal(["first", "throws", "next", "later"], _sent);
        Assert.Equal("a defect", Assert.Single(_logger.Exceptions).Message);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_fails_its_items()
    {
        var gathering = new Gathering<string>(_ => Task.FromCanceled(new CancellationToken(true)), _logger);
        var done = new TaskCompletionSource<Exception?>();
        gathering.TryAdd("a", done.SetResult);

        Assert.IsType<TaskCanceledException>(await done.Task);
    }

    [Fact]
    public async Task What_comes_during_a_call_goes_together_as_the_next()
    {
        var calls = new List<int>();
        var first = new TaskCompletionSource();
        var retired = new TaskCompletionSource();
        var gathering = new Gathering<string>(batch =>
        {
            calls.Add(batch.Count);
            return first.Task;
        }, _logger, _ => retired.SetResult());
        for (var i = 0; i < 5; i++) Assert.True(gathering.TryAdd($"{i}", null));
        first.SetResult();
        await retired.Task;

        Assert.Equal([1, 4], calls);
        Assert.False(gathering.TryAdd("too late", null));
    }

    [Fact]
    public async Task One_that_queues_takes_in_one_call_what_came_before_its_turn_and_each_item_once_in_order()
    {
        const int Adders = 4, Each = 5_000;
        var sent = new List<(int Adder, int Number)>();
        var calls = 0;
        var busy = new TaskCompletionSource();
        var gathering = new Gathering<(int Adder, int Number)>(
            async batch =>
            {
                calls++;
                sent.AddRange(batch);
                await busy.Task;
            },
            _logger, queues: true);
        var open = Adders * Each;
        var done = new TaskCompletionSource();
        await Task.WhenAll(Enumerable.Range(0, Adders).Select(adder => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                gathering.TryAdd((adder, i), _ =>
                {
                    if (Interlocked.Decrement(ref open) == 0) done.SetResult();
                });
        })));
        busy.SetResult();
        await done.Task;

        Assert.InRange(calls, 1, 2);
        foreach (var adder in sent.GroupBy(static item => item.Adder)) Assert.Equal(Enumerable.Range(0, Each), adder.Select(static item => item.Number));
        Assert.Equal(Adders * Each, sent.Count);
    }

    [Fact]
    public async Task One_that_queues_never_calls_on_the_adding_stack()
    {
        var gate = new Lock();
        var called = new TaskCompletionSource<bool>();
        var gathering = new Gathering<string>(
            _ =>
            {
                called.SetResult(gate.IsHeldByCurrentThread);
                return Task.CompletedTask;
            },
            _logger, queues: true);
        lock (gate) gathering.TryAdd("a", null);

        Assert.False(await called.Task);
        await gathering.BarrierAsync();
    }
}
