using OrleansMqtt.Deadlines;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Deadlines;

public sealed class DeadlineQueueTests
{
    private readonly DeadlineQueue _queue = new();

    [Fact]
    public void What_is_due_comes_in_the_order_of_its_time_and_nothing_else_comes()
    {
        foreach (var due in (int[])[30, 10, 40, 20]) _queue.Set(Deadline($"c{due}", due));

        Assert.Equal(["c10", "c20", "c30"], Take(30));
        Assert.Equal(40, _queue.Next);
    }

    [Fact]
    public void A_time_that_was_moved_or_removed_does_not_come_up()
    {
        var (moved, removed) = (Deadline("moved", 10), Deadline("removed", 10));
        _queue.Set(moved);
        _queue.Set(removed);
        _queue.Set(moved with { Due = 50 });
        _queue.Remove(removed);

        Assert.Empty(Take(49));
        Assert.Equal(["moved"], Take(50));
    }

    [Fact]
    public void Removing_a_time_leaves_the_one_that_replaced_it()
    {
        var (old, current) = (Deadline("c", 10), Deadline("c", 10, epoch: 2));
        _queue.Set(old);
        _queue.Set(current);
        _queue.Remove(old);

        Assert.Equal(current, _queue.Find("c", DeadlineKind.Will));
    }

    [Fact]
    public void A_time_taken_up_stays_in_force_until_it_is_removed_and_comes_again_when_postponed()
    {
        var deadline = Deadline("c", 10);
        _queue.Set(deadline);
        Assert.Equal(["c"], Take(10));
        Assert.True(_queue.Contains(deadline));
        _queue.Postpone(deadline, 20);
        Assert.Empty(Take(19));
        Assert.Equal(["c"], Take(20));
        _queue.Remove(deadline);
        _queue.Postpone(deadline, 30);
        Assert.Null(_queue.Next);
    }

    [Fact]
    public void Clients_that_come_and_go_do_not_pile_up()
    {
        for (var i = 0; i < 1000; i++)
        {
            var staying = Deadline($"stays {i % 10}", 1_000_000 + i, epoch: i);
            _queue.Set(staying);
            var going = Deadline("goes", 2_000_000 + i, epoch: i);
            _queue.Set(going);
            _queue.Remove(going);
        }

        Assert.Equal(10, _queue.Count);
        Assert.InRange(_queue.Entries, 10, 200);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"stays {i}"), Take(long.MaxValue));
    }

    private List<string> Take(long now)
    {
        var taken = new List<string>();
        while (_queue.TryTake(now, out var deadline)) taken.Add(deadline.ClientId);
        return taken;
    }

    private static Deadline Deadline(string clientId, long due, long epoch = 1) => new(clientId, DeadlineKind.Will, due, epoch);
}
