using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Tests.Bundled;

public class TurnsHereTests
{
    private readonly List<string> _ran = [];

    [Fact]
    public void The_first_mailbox_runs_when_everything_has_been_handed_out()
    {
        using (TurnsHere.Begin())
        {
            Assert.True(TurnsHere.TryTake(new Item(() => _ran.Add("first"))));
            Assert.False(TurnsHere.TryTake(new Item(() => _ran.Add("second"))));
            Assert.Empty(_ran);
        }

        Assert.Equal(["first"], _ran);
    }

    [Fact]
    public void Nothing_that_turns_wake_is_run_here()
    {
        var taken = true;
        using (TurnsHere.Begin())
        {
            TurnsHere.TryTake(new Item(() => taken = TurnsHere.TryTake(new Item(() => _ran.Add("woken")))));
        }

        Assert.False(taken);
        Assert.Empty(_ran);
    }

    [Fact]
    public void Outside_nothing_is_taken()
    {
        using (TurnsHere.Begin())
        {
        }

        Assert.False(TurnsHere.TryTake(new Item(() => _ran.Add("late"))));
    }

    private sealed class Item(Action run) : IThreadPoolWorkItem
    {
        public void Execute() => run();
    }
}
