using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ISessionLog"/> says of messages that may come again.</summary>
public abstract class SessionLogIdentitySpecification : StoreSpecification
{
    private const string Client = "c";

    private ISessionLog Log => Store.Sessions;

    [Fact]
    public async Task A_repeat_is_passed_over_and_leaves_its_position_empty()
    {
        Assert.Empty(await Log.AppendAsync(Client, 1, [Entry(0, identity: Identity(1))]));
        Assert.Equal([1L], await AppendAsync(Entry(1, identity: Identity(1)), Entry(2)));
        Assert.Equal([0L, 2L], await PositionsAsync());
        Assert.Equal(new SessionLogExtent(3, 2, 6), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task A_repeat_alone_still_moves_the_next_position()
    {
        await AppendAsync(Entry(0, identity: Identity(1)));
        Assert.Equal([1L], await AppendAsync(Entry(1, identity: Identity(1))));
        Assert.Equal((2, 1), ((await Log.OpenAsync(Client, 1)).Next, (await Log.OpenAsync(Client, 1)).Count));
    }

    [Fact]
    public async Task A_repeat_in_the_same_append_is_passed_over()
    {
        Assert.Equal([1L, 3L], await AppendAsync(Entry(0, identity: Identity(1)), Entry(1, identity: Identity(1)), Entry(2, identity: Identity(2)), Entry(3, identity: Identity(2))));
        Assert.Equal([0L, 2L], await PositionsAsync());
    }

    [Fact]
    public async Task A_repeat_is_passed_over_after_the_first_is_done()
    {
        await AppendAsync(Entry(0, identity: Identity(1)));
        await Log.UpdateAsync(Client, 1, Removed(0));
        Assert.Equal([1L], await AppendAsync(Entry(1, identity: Identity(1))));
        Assert.Empty(await PositionsAsync());
    }

    [Fact]
    public async Task A_repeat_is_passed_over_after_reopening()
    {
        await AppendAsync(Entry(0, identity: Identity(1)), Entry(1, identity: Identity(2)));
        await Log.UpdateAsync(Client, 1, Removed(0));
        await Store.ReopenAsync();
        Assert.Equal([2L, 3L], await AppendAsync(Entry(2, identity: Identity(1)), Entry(3, identity: Identity(2))));
        Assert.Equal([1L], await PositionsAsync());
    }

    [Fact]
    public async Task A_repeat_is_passed_over_by_a_later_writer()
    {
        await AppendAsync(Entry(0, identity: Identity(1)));
        Assert.Equal([1L], (await Log.AppendAsync(Client, 9, [Entry(1, identity: Identity(1))])).AsEnumerable());
    }

    [Fact]
    public async Task An_append_that_is_tried_again_answers_as_the_first_time()
    {
        await AppendAsync(Entry(0, identity: Identity(1)));
        (long Position, long Count)[] tries = [(1, 1), (2, 2), (3, 1)];
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal([1L, 3L], await AppendAsync([.. tries.Select(static t => Entry(t.Position, identity: Identity(t.Count)))]));
            Assert.Equal([0L, 2L], await PositionsAsync());
            await Store.ReopenAsync();
        }
    }

    [Fact]
    public async Task Other_numbers_epochs_and_sources_are_other_messages()
    {
        Assert.Empty(await AppendAsync(
            Entry(0, identity: Identity(1)), Entry(1, identity: Identity(2)), Entry(2, identity: Identity(1, epoch: 2, floorEpoch: 1)),
            Entry(3, identity: Identity(1, source: "session/q")), Entry(4, identity: Identity(1, source: "will/p")), Entry(5), Entry(6)));
        Assert.Equal(7, (await PositionsAsync()).Count);
    }

    [Fact]
    public async Task Numbers_may_come_in_any_order()
    {
        Assert.Empty(await AppendAsync(Entry(0, identity: Identity(5)), Entry(1, identity: Identity(3)), Entry(2, identity: Identity(4))));
        Assert.Equal([3L, 4L, 5L], await AppendAsync(Entry(3, identity: Identity(3)), Entry(4, identity: Identity(4)), Entry(5, identity: Identity(5))));
    }

    [Fact]
    public async Task Other_logs_take_the_same_message()
    {
        await AppendAsync(Entry(0, identity: Identity(1)));
        Assert.Empty(await Log.AppendAsync("other", 1, [Entry(0, identity: Identity(1))]));
    }

    [Fact]
    public async Task A_floor_leaves_numbers_from_it_on_remembered()
    {
        await AppendAsync(Entry(0, identity: Identity(1)), Entry(1, identity: Identity(2)), Entry(2, identity: Identity(3)), Entry(3, identity: Identity(2, source: "will/p")));
        await AppendAsync(Entry(4, identity: Identity(4, floor: 2)));
        await Store.ReopenAsync();
        Assert.Equal([5L, 6L, 7L, 8L], await AppendAsync(
            Entry(5, identity: Identity(2, floor: 2)), Entry(6, identity: Identity(3, floor: 2)), Entry(7, identity: Identity(4, floor: 2)), Entry(8, identity: Identity(2, source: "will/p"))));
    }

    [Fact]
    public async Task A_floor_compares_by_epoch_first()
    {
        await AppendAsync(Entry(0, identity: Identity(9, epoch: 1)), Entry(1, identity: Identity(10, epoch: 1)));
        await AppendAsync(Entry(2, identity: Identity(0, epoch: 2, floor: 10, floorEpoch: 1)));
        Assert.Equal([3L, 4L], await AppendAsync(Entry(3, identity: Identity(10, epoch: 1, floor: 10)), Entry(4, identity: Identity(0, epoch: 2, floor: 10, floorEpoch: 1))));
        Assert.Empty(await AppendAsync(Entry(5, identity: Identity(1, epoch: 3, floor: 0, floorEpoch: 3))));
        Assert.Equal([6L], await AppendAsync(Entry(6, identity: Identity(1, epoch: 3, floor: 0, floorEpoch: 3))));
    }

    [Fact]
    public async Task What_fell_below_a_floor_is_passed_over_when_it_comes_late()
    {
        await AppendAsync(Entry(0, identity: Identity(1)), Entry(1, identity: Identity(2)), Entry(2, identity: Identity(3)), Entry(3, identity: Identity(1, source: "will/p")));
        await AppendAsync(Entry(4, identity: Identity(4, floor: 3)), Entry(5, identity: Identity(6, floor: 4)));
        await Store.ReopenAsync();
        Assert.Equal([6L, 7L, 8L], await AppendAsync(Entry(6, identity: Identity(1)), Entry(7, identity: Identity(3, floor: 2)), Entry(8, identity: Identity(2, floor: 2))));
        Assert.Empty(await AppendAsync(Entry(9, identity: Identity(5, floor: 4)), Entry(10, identity: Identity(2, source: "will/p")), Entry(11, identity: Identity(7, floor: 4))));
        Assert.Equal([12L], await AppendAsync(Entry(12, identity: Identity(3, floor: 3))));
    }

    [Fact]
    public async Task What_fell_below_a_floor_in_earlier_epochs_is_passed_over_when_it_comes_late()
    {
        for (var epoch = 1; epoch <= 3; epoch++)
            await AppendAsync(Entry(epoch * 2, identity: Identity(1, epoch: epoch, floorEpoch: 1)), Entry(epoch * 2 + 1, identity: Identity(2, epoch: epoch, floorEpoch: 1)));
        await AppendAsync(Entry(8, identity: Identity(1, epoch: 4)));
        Assert.Equal([9L, 10L, 11L], await AppendAsync(
            Entry(9, identity: Identity(1, epoch: 1)), Entry(10, identity: Identity(2, epoch: 2)), Entry(11, identity: Identity(2, epoch: 3))));
    }

    [Fact]
    public async Task A_lower_epoch_that_was_never_there_is_another_message()
    {
        await AppendAsync(Entry(0, identity: Identity(1, epoch: 5)), Entry(1, identity: Identity(2, floor: 2, epoch: 5)));
        // The session ended, and the next one began where the clock was behind.
        Assert.Empty(await AppendAsync(Entry(2, identity: Identity(1, floor: 1, epoch: 4)), Entry(3, identity: Identity(2, floor: 2, epoch: 4))));
    }

    [Fact]
    public async Task Large_numbers_are_told_apart()
    {
        const long Epoch = 1_900_000_000_000L << 10;
        Assert.Empty(await AppendAsync(Entry(0, identity: Identity(long.MaxValue - 1, epoch: Epoch)), Entry(1, identity: Identity(long.MaxValue, epoch: Epoch)), Entry(2, identity: Identity(long.MaxValue, epoch: Epoch + 1, floorEpoch: Epoch))));
        Assert.Equal([3L, 4L], await AppendAsync(Entry(3, identity: Identity(long.MaxValue, epoch: Epoch)), Entry(4, identity: Identity(long.MaxValue, epoch: Epoch + 1, floorEpoch: Epoch))));
    }

    private async Task<IEnumerable<long>> AppendAsync(params Sessions.SessionLogEntry[] entries) => await Log.AppendAsync(Client, 1, [.. entries]);

    private async Task<List<long>> PositionsAsync() => [.. (await Log.ReadAsync(Client, 0, 1000)).Select(static s => s.Entry.Sequence)];
}
