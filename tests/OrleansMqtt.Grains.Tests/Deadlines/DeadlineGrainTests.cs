using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Tests.Deadlines;

public sealed class DeadlineGrainTests
{
    private readonly FailingStore _store = new();

    [Fact]
    public async Task A_time_that_could_not_be_removed_from_the_store_is_removed_later()
    {
        await using var silo = await StartAsync();
        _store.Removals.Enqueue(new IOException("the store is down"));
        var now = silo.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await silo.Grains.GetGrain<IDeadlineGrain>(0).SetAsync("nobody", DeadlineKind.Will, now + 1000, 1);
        silo.Time.Advance(TimeSpan.FromSeconds(1));
        await _store.Failed.WaitAsync(TestContext.Current.CancellationToken);
        // The clock may be ahead of the timer that is still to be set: it moves until the timer has fired.
        while (!_store.Removed.Task.IsCompleted)
        {
            silo.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(now + 1000, (await _store.Removed.Task).Due);
        Assert.Empty(await _store.LoadAsync(0));
    }

    [Fact]
    public async Task A_time_that_could_not_be_cleared_can_be_cleared_again()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grains.GetGrain<IDeadlineGrain>(0);
        await grain.SetAsync("nobody", DeadlineKind.Will, long.MaxValue, 1);
        _store.Removals.Enqueue(new IOException("the store is down"));
        await Assert.ThrowsAsync<IOException>(() => grain.ClearAsync("nobody", DeadlineKind.Will));
        Assert.Single(await _store.LoadAsync(0));
        await grain.ClearAsync("nobody", DeadlineKind.Will);

        Assert.Empty(await _store.LoadAsync(0));
    }

    private Task<TestSilo> StartAsync() => TestSilo.StartAsync(services => services.AddSingleton<IDeadlineStore>(_store));

    private sealed class FailingStore : IDeadlineStore
    {
        private readonly MemoryDeadlineStore _store = new();

        public Queue<Exception> Removals { get; } = new();

        public SemaphoreSlim Failed { get; } = new(0);

        public TaskCompletionSource<Deadline> Removed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard) => _store.LoadAsync(shard);

        public ValueTask SetAsync(int shard, Deadline deadline) => _store.SetAsync(shard, deadline);

        public async ValueTask RemoveAsync(int shard, Deadline deadline)
        {
            if (Removals.TryDequeue(out var failure))
            {
                Failed.Release();
                throw failure;
            }
            await _store.RemoveAsync(shard, deadline);
            Removed.TrySetResult(deadline);
        }
    }
}
