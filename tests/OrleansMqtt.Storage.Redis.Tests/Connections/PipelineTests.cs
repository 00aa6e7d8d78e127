using OrleansMqtt.Storage.Redis.Tests.Support;
using OrleansMqtt.Storage.Specification;

namespace OrleansMqtt.Storage.Redis.Tests.Connections;

public sealed class PipelineTests(SharedServer shared)
{
    [Fact]
    public async Task Appends_of_many_sessions_share_few_round_trips()
    {
        const int Sessions = 2000;
        await using var store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        var before = store.Client.Batches;
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => store.Sessions.AppendAsync($"c{i}", 1, Samples.Entries(0, 2)).AsTask()));
        Assert.InRange(store.Client.Batches - before, 1, Sessions / 10);
    }

    [Fact]
    public async Task Writes_of_one_key_keep_their_order_though_nobody_waits_for_them()
    {
        await using var store = await RedisStoreUnderTest.OpenAsync(shared.Address);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => store.Retained.StoreAsync(i % 3, 0, [Samples.Message($"{i}", "a")]).AsTask()));
        for (var partition = 0; partition < 3; partition++)
            await foreach (var message in store.Retained.LoadAsync(partition)) Assert.Equal($"{999 - (999 - partition) % 3}", message.Text());
    }
}
