using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

public sealed class RoundLoopTests : IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly Queue<TaskCompletionSource<TimeSpan>> _rounds = new();
    private readonly RoundLoop _loop;

    public RoundLoopTests() => _loop = new RoundLoop(
        () =>
        {
            var round = new TaskCompletionSource<TimeSpan>();
            _rounds.Enqueue(round);
            return round.Task;
        },
        new ManualTime());

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Who_asks_for_a_round_waits_for_one_that_began_afterwards()
    {
        _loop.Poke();
        var another = _loop.RunAnotherAsync();
        _rounds.Dequeue().SetResult(TimeSpan.FromSeconds(1));
        Assert.False(another.IsCompleted);
        _rounds.Dequeue().SetResult(TimeSpan.FromSeconds(1));
        await another.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.Empty(_rounds);
    }

    [Fact]
    public async Task Nobody_waits_for_rounds_that_never_come()
    {
        _loop.Poke();
        var another = _loop.RunAnotherAsync();
        _loop.Dispose();
        await another.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        await _loop.RunAnotherAsync().WaitAsync(HangGuard, TestContext.Current.CancellationToken);
    }
}
