using OrleansMqtt.Sessions;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ISessionLog"/> says of entries that are done or released, and of QoS 2 messages of the client.</summary>
public abstract class SessionLogUpdateSpecification : StoreSpecification
{
    private const string Client = "c";

    private ISessionLog Log => Store.Sessions;

    [Fact]
    public async Task Entries_that_are_done_are_gone()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 4));
        await Log.UpdateAsync(Client, 1, Removed(2, 0));
        Assert.Equal([1L, 3L], await PositionsAsync());
        Assert.Equal(new SessionLogExtent(4, 2, 6), await Log.OpenAsync(Client, 1));
        await Store.ReopenAsync();
        Assert.Equal([1L, 3L], await PositionsAsync());
        Assert.Equal(new SessionLogExtent(4, 2, 6), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task The_next_position_rises_though_all_is_done()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 3));
        await Log.UpdateAsync(Client, 1, Removed(0, 1, 2));
        await Store.ReopenAsync();
        Assert.Equal(new SessionLogExtent(3, 0, 0), await Log.OpenAsync(Client, 1));
        await Log.AppendAsync(Client, 1, [Entry(3)]);
        Assert.Equal([3L], await PositionsAsync());
    }

    [Fact]
    public async Task Released_entries_stay_and_say_so()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 3));
        await Log.UpdateAsync(Client, 1, Released(1));
        await Store.ReopenAsync();
        Assert.Equal([(0L, false), (1L, true), (2L, false)], (await Log.ReadAsync(Client, 0, 10)).Select(static s => (s.Entry.Sequence, s.Released)));
    }

    [Fact]
    public async Task Bytes_do_not_count_what_is_released_and_entries_do()
    {
        await Log.AppendAsync(Client, 1, [Entry(0, "12"), Entry(1, "1234"), Entry(2, "123456")]);
        await Log.UpdateAsync(Client, 1, Released(1));
        Assert.Equal(new SessionLogExtent(3, 3, 3 + 7), await Log.OpenAsync(Client, 1));
        await Log.UpdateAsync(Client, 1, Released(1));
        Assert.Equal(new SessionLogExtent(3, 3, 3 + 7), await Log.OpenAsync(Client, 1));
        await Log.UpdateAsync(Client, 1, Removed(1));
        Assert.Equal(new SessionLogExtent(3, 2, 3 + 7), await Log.OpenAsync(Client, 1));
        await Store.ReopenAsync();
        Assert.Equal(new SessionLogExtent(3, 2, 3 + 7), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task What_is_not_there_is_passed_over()
    {
        await Log.UpdateAsync(Client, 1, new SessionLogUpdate([0, 5], [1, 6], [], [9]));
        await Log.AppendAsync(Client, 1, Entries(0, 2));
        await Log.UpdateAsync(Client, 1, new SessionLogUpdate([1, 1, 7, -1], [8, 1, -1], [], [9]));
        Assert.Equal([0L], await PositionsAsync());
        Assert.Equal(new SessionLogExtent(2, 1, 3), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task An_empty_update_changes_nothing()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 1));
        await Log.UpdateAsync(Client, 1, new SessionLogUpdate([], [], [], []));
        Assert.Equal([0L], await PositionsAsync());
    }

    [Fact]
    public async Task One_update_may_change_everything()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 3));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("one"))));
        await Log.UpdateAsync(Client, 1, new SessionLogUpdate([0], [1], [new InboundMessage(2, Message("two"))], [1]));
        Assert.Equal([(1L, true), (2L, false)], (await Log.ReadAsync(Client, 0, 10)).Select(static s => (s.Entry.Sequence, s.Released)));
        Assert.Equal([((ushort)2, "two")], await InboundAsync());
    }

    [Fact]
    public async Task Inbound_messages_come_back_in_their_order_as_they_were()
    {
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(300, FullMessage())));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(65535, Message("b")), new InboundMessage(1, Message("c"))));
        await Store.ReopenAsync();
        var inbound = await Log.ReadInboundAsync(Client);
        Assert.Equal([(ushort)300, 65535, 1], inbound.Select(static m => m.PacketId));
        AssertSame(FullMessage(), inbound[0].Message);
    }

    [Fact]
    public async Task An_identifier_that_is_taken_keeps_its_first_message()
    {
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("first")), new InboundMessage(2, Message("other"))));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("second"))));
        Assert.Equal([((ushort)1, "first"), ((ushort)2, "other")], await InboundAsync());
    }

    [Fact]
    public async Task An_identifier_is_free_again_once_published_and_comes_last_then()
    {
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("a")), new InboundMessage(2, Message("b"))));
        await Log.UpdateAsync(Client, 1, Published(1));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("c"))));
        await Store.ReopenAsync();
        Assert.Equal([((ushort)2, "b"), ((ushort)1, "c")], await InboundAsync());
    }

    [Fact]
    public async Task What_is_stored_and_published_in_one_update_is_done()
    {
        await Log.UpdateAsync(Client, 1, new SessionLogUpdate([], [], [new InboundMessage(1, Message("a"))], [1]));
        Assert.Empty(await InboundAsync());
    }

    [Fact]
    public async Task Inbound_messages_do_not_count_as_entries()
    {
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("a"))));
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task A_long_log_is_emptied_in_parts()
    {
        const int Count = 1000;
        await Log.AppendAsync(Client, 1, Entries(0, Count));
        for (var from = 0; from < Count - 100; from += 100)
            await Log.UpdateAsync(Client, 1, Removed([.. Enumerable.Range(from, 100).Select(static i => (long)i)]));
        Assert.Equal(Enumerable.Range(Count - 100, 100).Select(static i => (long)i), await PositionsAsync());
        Assert.Equal((Count, 100), ((await Log.OpenAsync(Client, 1)).Next, (await Log.OpenAsync(Client, 1)).Count));
    }

    private async Task<List<long>> PositionsAsync() => [.. (await Log.ReadAsync(Client, 0, 10_000)).Select(static s => s.Entry.Sequence)];

    private async Task<List<(ushort, string)>> InboundAsync() => [.. (await Log.ReadInboundAsync(Client)).Select(static m => (m.PacketId, m.Message.Text()))];
}
