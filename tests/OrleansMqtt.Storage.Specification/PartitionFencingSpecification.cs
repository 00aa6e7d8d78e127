using static OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="IRetainedStore"/> and <see cref="ISubscriptionStore"/> say of writers that others have taken the place of.</summary>
public abstract class PartitionFencingSpecification : StoreSpecification
{
    private const long Latest = 1_900_000_000_000L << 10;

    /// <summary>The two stores, which say the same.</summary>
    public static TheoryData<bool> Ports => [true, false];

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task What_nobody_has_opened_has_epoch_0_and_writers_with_it(bool retained)
    {
        Assert.Equal(0, await OpenAsync(retained, 0, 0));
        await WriteAsync(retained, 0, 0);
        Assert.Equal(0, await OpenAsync(retained, 0, 0));
    }

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task Who_opens_with_a_higher_epoch_fences_off_those_before(bool retained)
    {
        foreach (var epoch in (long[])[1, 2, 9, 10, Latest, Latest + 1, long.MaxValue])
        {
            Assert.Equal(epoch, await OpenAsync(retained, 0, epoch));
            await WriteAsync(retained, 0, epoch);
            await RefusedAsync(retained, 0, epoch - 1);
            await RefusedAsync(retained, 0, 0);
            await WriteAsync(retained, 0, epoch);
        }
    }

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task Who_opens_too_late_learns_the_latest_epoch_and_fences_off_nobody(bool retained)
    {
        await OpenAsync(retained, 0, Latest);
        foreach (var epoch in (long[])[0, 1, Latest - 1]) Assert.Equal(Latest, await OpenAsync(retained, 0, epoch));
        await WriteAsync(retained, 0, Latest);
        await RefusedAsync(retained, 0, Latest - 1);
    }

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task Opening_again_changes_nothing(bool retained)
    {
        await OpenAsync(retained, 0, 5);
        Assert.Equal(5, await OpenAsync(retained, 0, 5));
        await WriteAsync(retained, 0, 5);
    }

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task Partitions_and_the_two_stores_are_told_apart(bool retained)
    {
        await OpenAsync(retained, 0, 5);
        await WriteAsync(retained, 1, 4);
        await WriteAsync(!retained, 0, 4);
        Assert.Equal((0L, 0L), (await OpenAsync(retained, 1, 0), await OpenAsync(!retained, 0, 0)));
    }

    [Theory]
    [MemberData(nameof(Ports))]
    public async Task Of_writers_at_once_the_latest_writes_last(bool retained)
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(epoch => Task.Run(async () =>
        {
            if (await OpenAsync(retained, 0, epoch) > epoch) await RefusedAsync(retained, 0, epoch);
        })));
        await WriteAsync(retained, 0, 20);
        await RefusedAsync(retained, 0, 19);
    }

    private async Task<long> OpenAsync(bool retained, int partition, long epoch) =>
        retained ? await Store.Retained.OpenAsync(partition, epoch) : await Store.Subscriptions.OpenAsync(partition, epoch);

    private async Task WriteAsync(bool retained, int partition, long epoch)
    {
        if (retained) await Store.Retained.StoreAsync(partition, epoch, [Message($"{epoch}"), Message("", "x")]);
        else await Store.Subscriptions.ApplyAsync(partition, epoch, [Route("f", $"{epoch}"), Route("f", "gone", removed: true)]);
    }

    private async Task RefusedAsync(bool retained, int partition, long epoch) =>
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(retained, partition, epoch));
}

/// <summary>Of stores that keep what is written: what a writer does that has been fenced off is not there.</summary>
public abstract class LastingPartitionFencingSpecification : StoreSpecification
{
    [Fact]
    public async Task What_is_refused_is_not_there_and_what_stood_stays()
    {
        await Store.Retained.StoreAsync(0, 0, [Message("old", "a")]);
        await Store.Subscriptions.ApplyAsync(0, 0, [Route("a", "c")]);
        await Store.Retained.OpenAsync(0, 2);
        await Store.Subscriptions.OpenAsync(0, 2);
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await Store.Retained.StoreAsync(0, 1, [Message("new", "b"), Message("", "a")]));
        await Assert.ThrowsAsync<InconsistentStateException>(async () => await Store.Subscriptions.ApplyAsync(0, 1, [Route("b", "c"), Route("a", "c", removed: true)]));
        await Store.ReopenAsync();
        var texts = new List<string>();
        await foreach (var message in Store.Retained.LoadAsync(0)) texts.Add(message.Text());
        Assert.Equal(["old"], texts);
        Assert.Equal([Route("a", "c")], await Store.Subscriptions.LoadAsync(0));
    }
}
