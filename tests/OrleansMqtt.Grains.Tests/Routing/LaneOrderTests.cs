using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class LaneOrderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ManualTimeProvider _time = new();
    private readonly LaneOrder _order;

    public LaneOrderTests() => _order = new LaneOrder(4, Patience, _time);

    [Fact]
    public async Task Batches_pass_in_their_order_whatever_the_order_in_which_they_come()
    {
        var passed = new List<long>();
        var all = new long[] { 2, 0, 3, 1 }.Select(async index =>
        {
            await _order.EnterAsync(index, 0);
            passed.Add(index);
            _order.Leave(index);
        }).ToArray();
        await Task.WhenAll(all);

        Assert.Equal([0, 1, 2, 3], passed);
    }

    [Fact]
    public async Task One_that_knows_of_none_begins_where_the_lane_says()
    {
        var second = _order.EnterAsync(18, 17);
        Assert.False(second.IsCompleted);
        await _order.EnterAsync(17, 17);
        _order.Leave(17);
        await second;
    }

    [Fact]
    public async Task A_repeat_ends_the_order_for_all()
    {
        await _order.EnterAsync(0, 0);
        _order.Leave(0);
        var waiting = _order.EnterAsync(2, 0);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _order.EnterAsync(0, 0));
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _order.EnterAsync(1, 0));
    }

    [Fact]
    public async Task Nothing_passes_behind_one_that_failed()
    {
        await _order.EnterAsync(0, 0);
        var next = _order.EnterAsync(1, 0);
        _order.Fail(new IOException());

        await Assert.ThrowsAsync<InvalidOperationException>(() => next);
    }

    [Fact]
    public async Task No_more_wait_than_a_lane_has_on_its_way()
    {
        _ = _order.EnterAsync(3, 0);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _order.EnterAsync(4, 0));
    }

    [Fact]
    public async Task A_batch_that_never_comes_is_not_waited_for_for_ever()
    {
        var waiting = _order.EnterAsync(1, 0);
        _time.Advance(Patience);

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _order.EnterAsync(0, 0));
    }
}
