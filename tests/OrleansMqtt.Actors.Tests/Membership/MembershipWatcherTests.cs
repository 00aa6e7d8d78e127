using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Membership.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

public sealed class MembershipWatcherTests : IDisposable
{
    private readonly MachineCluster _cluster = new();
    private readonly MachineTime _time;
    private readonly FaultyMembershipTable _table;
    private readonly List<long> _views = [];
    private readonly MembershipWatcher _watcher;

    public MembershipWatcherTests()
    {
        _time = new MachineTime(_cluster.World, 1);
        _table = new FaultyMembershipTable(_cluster.Table, _time);
        _watcher = new MembershipWatcher(_table, new MembershipTiming(new ClusterMembershipOptions()), OnViewAsync, _time, NullLogger.Instance);
    }

    public void Dispose() => _watcher.Dispose();

    [Fact]
    public async Task Follows_the_silos()
    {
        await _watcher.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_watcher.Current.Members);
        var machines = _cluster.Start(3);
        Assert.Equal(machines.Select(static machine => machine.Silo).ToHashSet(), _watcher.Current.Placement.Silos.ToHashSet());

        machines[0].Leave();
        _cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_watcher.Current.Members, member => member.Address.Equals(machines[0].Silo));
        Assert.Equal(_views.Order(), _views);
    }

    [Fact]
    public async Task Reads_at_once_when_somebody_knows_of_a_newer_version()
    {
        await _watcher.StartAsync(TestContext.Current.CancellationToken);
        _cluster.Add(100).Join();

        Assert.Equal(0, _watcher.Current.Version);
        Assert.Equal(2, (await _watcher.AtLeastAsync(2, TestContext.Current.CancellationToken)).Version);
    }

    [Fact]
    public async Task Reads_often_while_a_silo_may_be_dying()
    {
        await _watcher.StartAsync(TestContext.Current.CancellationToken);
        var machines = _cluster.Start(3);
        machines[0].Kill();
        _cluster.Pass(TimeSpan.FromSeconds(1.7));
        for (var i = 0; i < 100 && machines[1].Agent.Current.StatusOf(machines[0].Silo) != SiloStatus.Dead; i++) _cluster.Pass(MachineCluster.Tick);
        _cluster.Pass(TimeSpan.FromSeconds(0.2));

        Assert.Equal(SiloStatus.Dead, _watcher.Current.StatusOf(machines[0].Silo));
    }

    [Fact]
    public async Task Keeps_its_view_while_the_store_is_away()
    {
        await _watcher.StartAsync(TestContext.Current.CancellationToken);
        var machine = _cluster.Start(1)[0];
        _table.Cut();
        _cluster.Add(200).Join();
        _cluster.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal([machine.Silo], _watcher.Current.Placement.Silos);

        _table.Heal();
        _cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _watcher.Current.Placement.Silos.Length);
    }

    [Fact]
    public async Task Whoever_waits_when_it_is_disposed_of_is_told()
    {
        await _watcher.StartAsync(TestContext.Current.CancellationToken);
        var view = _watcher.AtLeastAsync(7, TestContext.Current.CancellationToken);
        _watcher.Dispose();

        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await view);
    }

    private ValueTask OnViewAsync(MembershipView view)
    {
        _views.Add(view.Version);
        return default;
    }
}
