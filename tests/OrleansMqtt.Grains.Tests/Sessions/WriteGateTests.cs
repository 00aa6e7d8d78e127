using OrleansMqtt.Grains.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>Who is in the gate at one time.</summary>
public sealed class WriteGateTests
{
    private readonly WriteGate _gate = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task Writers_are_in_side_by_side()
    {
        var first = await EnteredAsync(_gate.EnterAsync());
        var second = await EnteredAsync(_gate.EnterAsync());
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Who_wants_to_be_alone_waits_until_every_writer_has_left()
    {
        var first = await EnteredAsync(_gate.EnterAsync());
        var second = await EnteredAsync(_gate.EnterAsync());
        var alone = _gate.EnterAloneAsync().AsTask();
        first.Dispose();
        Assert.False(alone.IsCompleted);
        second.Dispose();

        (await EnteredAsync(alone)).Dispose();
    }

    [Fact]
    public async Task Nobody_enters_while_somebody_is_alone()
    {
        var alone = await EnteredAsync(_gate.EnterAloneAsync());
        var writer = _gate.EnterAsync().AsTask();
        Assert.False(writer.IsCompleted);
        alone.Dispose();

        await EnteredAsync(writer);
    }

    [Fact]
    public async Task Who_wants_to_be_alone_goes_before_writers_that_come_later()
    {
        var before = await EnteredAsync(_gate.EnterAsync());
        var alone = _gate.EnterAloneAsync().AsTask();
        var later = _gate.EnterAsync().AsTask();
        Assert.False(later.IsCompleted);
        before.Dispose();
        var pass = await EnteredAsync(alone);
        Assert.False(later.IsCompleted);
        pass.Dispose();

        await EnteredAsync(later);
    }

    [Fact]
    public async Task Two_that_want_to_be_alone_are_so_one_after_the_other_and_no_writer_slips_in_between()
    {
        await new QueueScheduler().RunAsync(async () =>
        {
            var before = await _gate.EnterAsync();
            var all = Task.WhenAll(RecordAsync("first", _gate.EnterAloneAsync), RecordAsync("writer", _gate.EnterAsync), RecordAsync("second", _gate.EnterAloneAsync));
            before.Dispose();
            await all;
        });

        Assert.Equal(["first in", "first out", "second in", "second out", "writer in", "writer out"], _order);
    }

    [Fact]
    public async Task No_writer_slips_in_between_those_that_have_left_and_the_one_who_waits_for_it()
    {
        // Continuations of a grain are queued: something else may come between the event and whoever waits for it.
        await new QueueScheduler().RunAsync(async () =>
        {
            var before = await _gate.EnterAsync();
            var alone = RecordAsync("alone", _gate.EnterAloneAsync);
            before.Dispose();
            await Task.WhenAll(RecordAsync("writer", _gate.EnterAsync), alone);
        });

        Assert.Equal(["alone in", "alone out", "writer in", "writer out"], _order);
    }

    [Fact]
    public async Task A_failure_inside_leaves_the_gate_open()
    {
        foreach (var enter in (Func<ValueTask<WriteGate.Pass>>[])[_gate.EnterAsync, _gate.EnterAloneAsync])
            await Assert.ThrowsAsync<IOException>(async () =>
            {
                using var pass = await enter();
                throw new IOException("the write failed");
            });

        var writer = await EnteredAsync(_gate.EnterAsync());
        writer.Dispose();
        (await EnteredAsync(_gate.EnterAloneAsync())).Dispose();
    }

    private async Task RecordAsync(string name, Func<ValueTask<WriteGate.Pass>> enter)
    {
        using var pass = await enter();
        _order.Add($"{name} in");
        await Task.Yield();
        _order.Add($"{name} out");
    }

    private static Task<WriteGate.Pass> EnteredAsync(ValueTask<WriteGate.Pass> entering) => EnteredAsync(entering.AsTask());

    private static async Task<WriteGate.Pass> EnteredAsync(Task<WriteGate.Pass> entering)
    {
        Assert.True(entering.IsCompletedSuccessfully);
        return await entering;
    }

    /// <summary>Runs one continuation at a time, in the order in which they come, as a grain's scheduler does.</summary>
    private sealed class QueueScheduler : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public Task RunAsync(Func<Task> main)
        {
            var outer = Current;
            SetSynchronizationContext(this);
            try
            {
                var task = main();
                while (_queue.TryDequeue(out var next)) next.Callback(next.State);
                Assert.True(task.IsCompleted, "Somebody waits for an event that does not come.");
                return task;
            }
            finally
            {
                SetSynchronizationContext(outer);
            }
        }
    }
}
