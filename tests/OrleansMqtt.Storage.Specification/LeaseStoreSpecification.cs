namespace OrleansMqtt.Storage.Specification;

/// <summary>What <see cref="ILeaseStore"/> says.</summary>
public abstract class LeaseStoreSpecification : StoreSpecification
{
    // A store with a clock of its own is waited for, so what expires does it soon, and what must not does it much later.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Past = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private ILeaseStore Leases => Store.Leases;

    [Fact]
    public async Task A_free_lease_is_taken()
    {
        var lease = await AcquireAsync("n", "a", data: "host:1");
        Assert.Equal(("n", "a", "host:1"), (lease.Name, lease.Holder, lease.Data));
        Assert.Equal([lease], await Leases.ReadAsync("n"));
    }

    [Fact]
    public async Task Somebody_elses_lease_is_not_taken()
    {
        var lease = await AcquireAsync("n", "a");
        Assert.Null(await Leases.AcquireAsync("n", "b", Long));
        await Store.ReopenAsync();
        Assert.Null(await Leases.AcquireAsync("n", "b", Long));
        Assert.Equal([lease], await Leases.ReadAsync(""));
    }

    [Fact]
    public async Task Ones_own_lease_is_taken_again_under_its_token_with_new_data()
    {
        var first = await AcquireAsync("n", "a", data: "old");
        await Store.PassAsync(TimeSpan.FromMilliseconds(5));
        var second = await AcquireAsync("n", "a", data: "new");
        Assert.Equal((first.Token, "new"), (second.Token, second.Data));
        Assert.True(second.ExpiresAt > first.ExpiresAt);
        Assert.Equal([second], await Leases.ReadAsync("n"));
    }

    [Fact]
    public async Task An_expired_lease_is_taken_under_a_higher_token()
    {
        var first = await AcquireAsync("n", "a", Short);
        await Store.PassAsync(Past);
        Assert.Empty(await Leases.ReadAsync("n"));
        var second = await AcquireAsync("n", "b");
        Assert.True(second.Token > first.Token);
        Assert.Null(await Leases.RenewAsync(first, Long));
        await Leases.ReleaseAsync(first);
        Assert.Equal([second], await Leases.ReadAsync("n"));
    }

    [Fact]
    public async Task A_lease_can_be_taken_from_whoever_has_it()
    {
        var (first, wasHeld) = await Leases.TakeAsync("n", "a", Long);
        Assert.Equal(("n", "a", "", false), (first.Name, first.Holder, first.Data, wasHeld));
        var other = await AcquireAsync("m", "a");
        await Store.ReopenAsync();
        var (second, wasHeldThen) = await Leases.TakeAsync("n", "b", Long);
        Assert.True(wasHeldThen && second.Token > first.Token);
        Assert.Null(await Leases.RenewAsync(first, Long));
        await Leases.ReleaseAsync(first);
        Assert.Equal([other, second], await Leases.ReadAsync(""));
        await Leases.ReleaseAsync(second);
        var (third, wasHeldAtLast) = await Leases.TakeAsync("n", "c", Short);
        Assert.True(!wasHeldAtLast && third.Token > second.Token);
        await Store.PassAsync(Past);
        Assert.False((await Leases.TakeAsync("n", "d", Long)).WasHeld);
    }

    [Fact]
    public async Task Renewing_extends_and_keeps_token_and_data()
    {
        var lease = await AcquireAsync("n", "a", Short, "data");
        var renewed = await Leases.RenewAsync(lease, Long);
        Assert.Equal(lease with { ExpiresAt = renewed!.ExpiresAt }, renewed);
        Assert.True(renewed.ExpiresAt > lease.ExpiresAt);
        await Store.PassAsync(Past);
        Assert.Null(await Leases.AcquireAsync("n", "b", Long));
    }

    [Fact]
    public async Task An_expired_lease_that_was_not_taken_is_extended()
    {
        var lease = await AcquireAsync("n", "a", Short);
        await Store.PassAsync(Past);
        var renewed = await Leases.RenewAsync(lease, Long);
        Assert.Equal(lease.Token, renewed?.Token);
        Assert.Null(await Leases.AcquireAsync("n", "b", Long));
    }

    [Fact]
    public async Task Ones_own_expired_lease_keeps_its_token_when_taken_again()
    {
        var lease = await AcquireAsync("n", "a", Short);
        await Store.PassAsync(Past);
        Assert.Equal(lease.Token, (await AcquireAsync("n", "a")).Token);
    }

    [Fact]
    public async Task Renewing_takes_holder_and_token_into_account()
    {
        var lease = await AcquireAsync("n", "a");
        Assert.Null(await Leases.RenewAsync(lease with { Holder = "b" }, Long));
        Assert.Null(await Leases.RenewAsync(lease with { Token = lease.Token + 1 }, Long));
        Assert.Null(await Leases.RenewAsync(lease with { Name = "unknown" }, Long));
        Assert.NotNull(await Leases.RenewAsync(lease, Long));
    }

    [Fact]
    public async Task A_lease_that_is_given_back_is_free_and_its_token_goes_on_rising()
    {
        var first = await AcquireAsync("n", "a");
        await Leases.ReleaseAsync(first with { Holder = "b" });
        await Leases.ReleaseAsync(first with { Token = first.Token + 1 });
        Assert.Single(await Leases.ReadAsync("n"));
        await Leases.ReleaseAsync(first);
        Assert.Empty(await Leases.ReadAsync("n"));
        Assert.Null(await Leases.RenewAsync(first, Long));
        await Leases.ReleaseAsync(first);
        await Store.ReopenAsync();
        var second = await AcquireAsync("n", "b");
        Assert.True(second.Token > first.Token);
        await Leases.ReleaseAsync(second);
        Assert.True((await AcquireAsync("n", "b")).Token > second.Token);
    }

    [Fact]
    public async Task Tokens_go_on_rising_after_reopening()
    {
        var first = await AcquireAsync("n", "a", Short);
        await Store.PassAsync(Past);
        await Store.ReopenAsync();
        Assert.True((await AcquireAsync("n", "b")).Token > first.Token);
    }

    [Fact]
    public async Task Leases_are_read_by_prefix_in_order_of_their_names()
    {
        foreach (var name in (string[])["gw/b", "gw/a", "gw/B", "gw", "gx/a", "gw%", "GW/a", "silo/a"]) await AcquireAsync(name, "h");
        Assert.Equal(["gw/B", "gw/a", "gw/b"], (await Leases.ReadAsync("gw/")).Select(static l => l.Name));
        Assert.Equal(8, (await Leases.ReadAsync("")).Length);
        Assert.Empty(await Leases.ReadAsync("gw_"));
        Assert.Equal(["gw%"], (await Leases.ReadAsync("gw%")).Select(static l => l.Name));
    }

    [Fact]
    public async Task Of_many_at_once_one_gets_it()
    {
        var leases = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () => await Leases.AcquireAsync("n", $"h{i}", Long))));
        var winner = Assert.Single(leases, static l => l is not null);
        Assert.Equal([winner!], await Leases.ReadAsync("n"));
    }

    private async Task<Lease> AcquireAsync(string name, string holder, TimeSpan? duration = null, string data = "")
    {
        var lease = await Leases.AcquireAsync(name, holder, duration ?? Long, data);
        Assert.NotNull(lease);
        return lease;
    }
}
