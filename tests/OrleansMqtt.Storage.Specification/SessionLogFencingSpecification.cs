using OrleansMqtt.Sessions;
using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ISessionLog"/> says of two writers of one log.</summary>
public abstract class SessionLogFencingSpecification : StoreSpecification
{
    private const string Client = "c";

    private ISessionLog Log => Store.Sessions;

    [Fact]
    public async Task A_stale_writer_is_refused_on_every_write_and_changes_nothing()
    {
        await Log.OpenAsync(Client, 1);
        await Log.AppendAsync(Client, 1, Entries(0, 2));
        await Log.UpdateAsync(Client, 1, Stored(new InboundMessage(1, Message("in"))));
        await Log.OpenAsync(Client, 2);
        for (var i = 0; i < 2; i++)
        {
            await RefusedAsync(async () => await Log.OpenAsync(Client, 1));
            await RefusedAsync(async () => await Log.AppendAsync(Client, 1, [Entry(2), Entry(3)]));
            await RefusedAsync(async () => await Log.AppendAsync(Client, 1, []));
            await RefusedAsync(async () => await Log.UpdateAsync(Client, 1, new SessionLogUpdate([0], [1], [new InboundMessage(2, Message("x"))], [1])));
            await RefusedAsync(async () => await Log.DeleteAsync(Client, 1));
            Assert.Equal([(0L, false), (1L, false)], (await Log.ReadAsync(Client, 0, 10)).Select(static s => (s.Entry.Sequence, s.Released)));
            Assert.Equal([(ushort)1], (await Log.ReadInboundAsync(Client)).Select(static m => m.PacketId));
            Assert.Equal(2, (await Log.OpenAsync(Client, 2)).Next);
            await Store.ReopenAsync();
        }
    }

    [Theory]
    [InlineData("append")]
    [InlineData("update")]
    public async Task Any_write_with_a_newer_epoch_fences_the_older_off(string write)
    {
        await Log.OpenAsync(Client, 1);
        if (write == "append") await Log.AppendAsync(Client, 2, [Entry(0)]);
        else await Log.UpdateAsync(Client, 2, Removed());
        await RefusedAsync(async () => await Log.AppendAsync(Client, 1, [Entry(1)]));
        await Log.AppendAsync(Client, 2, [Entry(1)]);
    }

    [Fact]
    public async Task Opening_fences_even_an_empty_log()
    {
        await Log.OpenAsync(Client, 5);
        await Store.ReopenAsync();
        await RefusedAsync(async () => await Log.AppendAsync(Client, 4, [Entry(0)]));
        await Log.AppendAsync(Client, 5, [Entry(0)]);
    }

    [Fact]
    public async Task Epochs_of_the_size_that_sessions_use_are_told_apart()
    {
        const long Epoch = 1_900_000_000_000L << 10;
        await Log.OpenAsync(Client, Epoch + 1);
        await RefusedAsync(async () => await Log.AppendAsync(Client, Epoch, [Entry(0)]));
        await Log.AppendAsync(Client, Epoch + 1, [Entry(0)]);
        await Log.OpenAsync(Client, long.MaxValue);
        await RefusedAsync(async () => await Log.OpenAsync(Client, long.MaxValue - 1));
    }

    [Fact]
    public async Task A_fence_is_of_one_log()
    {
        await Log.OpenAsync(Client, 5);
        await Log.AppendAsync("other", 1, [Entry(0)]);
        Assert.Single(await Log.ReadAsync("other", 0, 10));
    }

    [Fact]
    public async Task Of_writers_at_once_the_stale_ones_fail_alone()
    {
        await Log.OpenAsync("stale", 2);
        var writes = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            if (i % 4 == 0) await RefusedAsync(async () => await Log.AppendAsync("stale", 1, [Entry(i)]));
            else await Log.AppendAsync($"c{i}", 1, Entries(0, 3));
        }));
        await Task.WhenAll(writes);
        Assert.Empty(await Log.ReadAsync("stale", 0, 10));
        for (var i = 0; i < 40; i++)
            if (i % 4 != 0) Assert.Equal(3, (await Log.ReadAsync($"c{i}", 0, 10)).Length);
    }

    [Fact]
    public async Task Two_activations_of_one_session_never_mix()
    {
        // The older one appends as fast as it can while the newer one opens: what the newer one then reads never changes again.
        await Log.OpenAsync(Client, 1);
        var opened = new TaskCompletionSource();
        var older = Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                if (i == 20) opened.SetResult();
                try
                {
                    await Log.AppendAsync(Client, 1, [Entry(i)]);
                }
                catch (InconsistentStateException)
                {
                    return;
                }
            }
        });
        await opened.Task;
        var extent = await Log.OpenAsync(Client, 2);
        var read = await Log.ReadAsync(Client, 0, int.MaxValue);
        await older;
        Assert.Equal(extent.Count, read.Length);
        Assert.Equal(extent, await Log.OpenAsync(Client, 2));
    }

    private static async Task RefusedAsync(Func<Task> write) => await Assert.ThrowsAsync<InconsistentStateException>(write);
}
