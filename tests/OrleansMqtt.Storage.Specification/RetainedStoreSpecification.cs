using OrleansMqtt.Messages;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="IRetainedStore"/> says.</summary>
public abstract class RetainedStoreSpecification : StoreSpecification
{
    private IRetainedStore Retained => Store.Retained;

    [Fact]
    public async Task A_new_partition_is_empty() => Assert.Empty(await LoadAsync(0));

    [Fact]
    public async Task Messages_come_back_as_they_were_stored()
    {
        await Retained.StoreAsync(3, 0, [FullMessage("a/b"), Message("x", "ä/日")]);
        await Store.ReopenAsync();
        var loaded = await LoadAsync(3);
        Assert.Equal(2, loaded.Count);
        AssertSame(FullMessage("a/b"), loaded["a/b"]);
        AssertSame(Message("x", "ä/日"), loaded["ä/日"]);
    }

    [Fact]
    public async Task A_later_message_of_a_topic_replaces_the_earlier()
    {
        await Retained.StoreAsync(0, 0, [Message("1", "a"), Message("2", "a"), Message("1", "b")]);
        await Retained.StoreAsync(0, 0, [Message("3", "a")]);
        Assert.Equal([("a", "3"), ("b", "1")], await TextsAsync(0));
    }

    [Fact]
    public async Task An_empty_payload_removes_the_message()
    {
        await Retained.StoreAsync(0, 0, [Message("1", "a"), Message("1", "b")]);
        await Retained.StoreAsync(0, 0, [Message("", "a"), Message("", "unknown")]);
        await Store.ReopenAsync();
        Assert.Equal([("b", "1")], await TextsAsync(0));
    }

    [Fact]
    public async Task Changes_of_one_topic_apply_in_order()
    {
        await Retained.StoreAsync(0, 0, [Message("1", "a"), Message("", "a"), Message("2", "b"), Message("", "b"), Message("3", "b")]);
        Assert.Equal([("b", "3")], await TextsAsync(0));
    }

    [Fact]
    public async Task Partitions_and_topics_are_told_apart()
    {
        await Retained.StoreAsync(0, 0, [Message("1", "a"), Message("2", "A"), Message("3", "a/"), Message("4", "a ")]);
        await Retained.StoreAsync(1, 0, [Message("5", "a")]);
        Assert.Equal(4, (await LoadAsync(0)).Count);
        Assert.Equal([("a", "5")], await TextsAsync(1));
        await Retained.StoreAsync(1, 0, [Message("", "a")]);
        Assert.Empty(await LoadAsync(1));
        Assert.Equal(4, (await LoadAsync(0)).Count);
    }

    [Fact]
    public async Task Many_messages_are_all_loaded()
    {
        const int Count = 1500;
        for (var i = 0; i < Count; i += 500) await Retained.StoreAsync(7, 0, [.. Enumerable.Range(i, 500).Select(static n => Message($"{n}", $"topic/{n}"))]);
        await Retained.StoreAsync(7, 0, [Message(new string('x', 1 << 20), "large")]);
        var loaded = await LoadAsync(7);
        Assert.Equal(Count + 1, loaded.Count);
        for (var i = 0; i < Count; i++) Assert.Equal($"{i}", loaded[$"topic/{i}"].Text());
    }

    [Fact]
    public async Task Storing_nothing_is_no_error()
    {
        await Retained.StoreAsync(0, 0, []);
        Assert.Empty(await LoadAsync(0));
    }

    [Fact]
    public async Task Partitions_are_written_at_the_same_time()
    {
        await Task.WhenAll(Enumerable.Range(0, 32).Select(partition => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await Retained.StoreAsync(partition, 0, [Message($"{i}", "same"), Message($"{i}", $"t{i}")]);
        })));
        await Store.ReopenAsync();
        for (var partition = 0; partition < 32; partition++)
        {
            var loaded = await LoadAsync(partition);
            Assert.Equal((21, "19"), (loaded.Count, loaded["same"].Text()));
        }
    }

    private async Task<List<(string, string)>> TextsAsync(int partition) =>
        [.. (await LoadAsync(partition)).Select(static p => (p.Key, p.Value.Text())).OrderBy(static p => p.Key, StringComparer.Ordinal)];

    // A topic that came twice would throw here.
    private async Task<Dictionary<string, Message>> LoadAsync(int partition)
    {
        var loaded = new Dictionary<string, Message>();
        await foreach (var message in Retained.LoadAsync(partition)) loaded.Add(message.TopicName, message);
        return loaded;
    }
}
