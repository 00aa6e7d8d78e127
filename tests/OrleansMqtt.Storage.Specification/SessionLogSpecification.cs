using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ISessionLog"/> says of appending and reading.</summary>
public abstract class SessionLogSpecification : StoreSpecification
{
    private const string Client = "c";

    private ISessionLog Log => Store.Sessions;

    [Fact]
    public async Task A_new_log_is_empty()
    {
        Assert.Empty(await Log.ReadAsync(Client, 0, 10));
        Assert.Empty(await Log.ReadInboundAsync(Client));
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 1));
        Assert.Empty(await Log.ReadAsync(Client, 0, 10));
    }

    [Fact]
    public async Task Entries_come_back_as_they_were_appended()
    {
        var plain = Entry(0, "plain");
        var full = new SessionLogEntry
        {
            Sequence = 1, Message = FullMessage(), QoS = QualityOfService.AtLeastOnce, Retain = true, SubscriptionIdentifiers = [1, 268_435_455], Group = new SharedGroupKey("g", "a/+", true),
        };
        var empty = Entry(2, "");
        Assert.Empty(await Log.AppendAsync(Client, 1, [plain, full, empty]));
        await Store.ReopenAsync();
        var read = await Log.ReadAsync(Client, 0, 10);
        Assert.Equal(3, read.Length);
        AssertSame(plain, read[0].Entry);
        AssertSame(full, read[1].Entry);
        AssertSame(empty, read[2].Entry);
        Assert.DoesNotContain(read, static stored => stored.Released);
    }

    [Fact]
    public async Task A_large_message_comes_back_whole()
    {
        var text = new string('x', 3 << 20);
        await Log.AppendAsync(Client, 1, [Entry(0, text)]);
        Assert.Equal(text, Assert.Single(await Log.ReadAsync(Client, 0, 10)).Entry.Message.Text());
    }

    [Fact]
    public async Task Opening_says_what_the_log_holds()
    {
        var entries = Entries(0, 3);
        await Log.AppendAsync(Client, 1, entries);
        var expected = new SessionLogExtent(3, 3, entries.Sum(static e => e.Message.Size));
        Assert.Equal(expected, await Log.OpenAsync(Client, 1));
        await Store.ReopenAsync();
        Assert.Equal(expected, await Log.OpenAsync(Client, 2));
    }

    [Fact]
    public async Task Positions_may_leave_gaps()
    {
        await Log.AppendAsync(Client, 1, [Entry(5), Entry(7)]);
        Assert.Equal([5L, 7L], await PositionsAsync());
        var extent = await Log.OpenAsync(Client, 1);
        Assert.Equal((8, 2), (extent.Next, extent.Count));
    }

    [Fact]
    public async Task Appending_nothing_changes_nothing()
    {
        Assert.Empty(await Log.AppendAsync(Client, 1, []));
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task Positions_that_are_there_are_left_as_they_are()
    {
        await Log.AppendAsync(Client, 1, [Entry(0, "a"), Entry(1, "b"), Entry(2, "c")]);
        await Log.AppendAsync(Client, 1, [Entry(1, "x"), Entry(2, "y"), Entry(3, "d")]);
        Assert.Equal(["a", "b", "c", "d"], await TextsAsync());
        Assert.Equal(new SessionLogExtent(4, 4, 8), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task A_position_that_is_done_is_not_filled_again()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 2));
        await Log.UpdateAsync(Client, 1, Removed(0, 1));
        await Log.AppendAsync(Client, 1, Entries(0, 2));
        Assert.Equal(new SessionLogExtent(2, 0, 0), await Log.OpenAsync(Client, 1));
        await Store.ReopenAsync();
        await Log.AppendAsync(Client, 1, Entries(0, 2));
        Assert.Equal(new SessionLogExtent(2, 0, 0), await Log.OpenAsync(Client, 1));
    }

    [Fact]
    public async Task Reading_goes_page_by_page_in_order()
    {
        await Log.AppendAsync(Client, 1, Entries(0, 10));
        await Log.UpdateAsync(Client, 1, Removed(0, 4, 5));
        Assert.Equal([1L, 2, 3], await PositionsAsync(0, 3));
        Assert.Equal([6L, 7, 8], await PositionsAsync(4, 3));
        Assert.Equal([9L], await PositionsAsync(9, 3));
        Assert.Empty(await PositionsAsync(10, 3));
        Assert.Empty(await PositionsAsync(0, 0));
        Assert.Equal([1L, 2], await PositionsAsync(long.MinValue, 2));
        Assert.Empty(await PositionsAsync(long.MaxValue, 2));
        Assert.Equal(7, (await PositionsAsync(0, int.MaxValue)).Count);
    }

    [Fact]
    public async Task Logs_of_other_clients_are_others()
    {
        string[] clients = ["", " ", "a", "A", "a/b", "a:b", "{a}", "a*", "ä", "a\u0301", "日本", new string('l', 4000)];
        foreach (var client in clients) await Log.AppendAsync(client, 1, [Entry(0, client)]);
        await Log.DeleteAsync("a", 1);
        await Store.ReopenAsync();
        foreach (var client in clients)
            Assert.Equal(client == "a" ? [] : [client], (await Log.ReadAsync(client, 0, 10)).Select(static s => s.Entry.Message.Text()));
    }

    [Fact]
    public async Task Many_writers_at_once_get_all_in_their_order()
    {
        const int Clients = 32, Appends = 40;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < Appends; i++) await Log.AppendAsync($"c{client}", 1, Entries(i * 2, 2));
        })));
        await Store.ReopenAsync();
        for (var client = 0; client < Clients; client++)
            Assert.Equal(Enumerable.Range(0, Appends * 2).Select(static i => $"m{i}"), (await Log.ReadAsync($"c{client}", 0, 1000)).Select(static s => s.Entry.Message.Text()));
    }

    [Fact]
    public async Task A_reader_sees_an_append_whole_or_not_at_all()
    {
        const int Size = 10;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await Log.AppendAsync(Client, 1, Entries(i * Size, Size));
        });
        while (!writing.IsCompleted) Assert.Equal(0, (await Log.ReadAsync(Client, 0, 10_000)).Length % Size);
        await writing;
    }

    [Fact]
    public async Task What_was_written_is_read_at_once()
    {
        for (var i = 0; i < 50; i++)
        {
            await Log.AppendAsync(Client, 1, [Entry(i)]);
            Assert.Equal([(long)i], await PositionsAsync(i, 10));
        }
    }

    [Fact]
    public async Task Deleting_leaves_nothing()
    {
        await Log.AppendAsync(Client, 5, [Entry(0, identity: Identity(1)), Entry(1)]);
        await Log.UpdateAsync(Client, 5, Stored(new InboundMessage(1, Message("in"))));
        await Log.DeleteAsync(Client, 6);
        Assert.Empty(await PositionsAsync());
        Assert.Empty(await Log.ReadInboundAsync(Client));
        await Store.ReopenAsync();
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 7));
        Assert.Empty(await Log.AppendAsync(Client, 7, [Entry(0, "new", Identity(1))]));
        Assert.Equal(["new"], await TextsAsync());
        Assert.Empty(await Log.ReadInboundAsync(Client));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_no_error()
    {
        await Log.DeleteAsync(Client, 1);
        await Log.DeleteAsync(Client, 1);
        Assert.Equal(new SessionLogExtent(0, 0, 0), await Log.OpenAsync(Client, 1));
    }

    private async Task<List<long>> PositionsAsync(long from = 0, int maximum = 1000) => [.. (await Log.ReadAsync(Client, from, maximum)).Select(static s => s.Entry.Sequence)];

    private async Task<List<string>> TextsAsync() => [.. (await Log.ReadAsync(Client, 0, 1000)).Select(static s => s.Entry.Message.Text())];
}
