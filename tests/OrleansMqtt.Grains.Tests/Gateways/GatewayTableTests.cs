using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Gateways;

public sealed class GatewayTableTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeGateway _gateway = new();
    private readonly GatewayTable _table;

    public GatewayTableTests() => _table = new GatewayTable(1, new LeaseTimes(), _time);

    [Fact]
    public void A_lease_is_over_a_little_later_than_the_gateway_counts()
    {
        _table.Register("g", _gateway);
        _time.Advance(TimeSpan.FromSeconds(4.19));
        Assert.False(_table.HasExpired());
        _time.Advance(TimeSpan.FromSeconds(0.01));
        Assert.True(_table.HasExpired());

        Assert.Equal(["g"], _table.TakeExpired());
        Assert.Empty(_table.TakeExpired());
        Assert.False(_table.Renew("g", _gateway));
        Assert.False(_table.Register("g", _gateway));
    }

    [Fact]
    public void A_heartbeat_that_comes_in_time_extends_it_and_changes_no_roster()
    {
        _table.Register("g", _gateway);
        var roster = _table.Roster;
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_table.Renew("g", _gateway));
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.False(_table.HasExpired());
        Assert.Same(roster, _table.Roster);
    }

    [Fact]
    public void A_gateway_that_another_registry_knew_is_waited_for_and_found_again_by_its_heartbeat()
    {
        _table.Expect("g", TimeSpan.FromSeconds(1));
        Assert.Null(Assert.Single(_table.Roster.Gateways).Endpoint);
        _time.Advance(TimeSpan.FromSeconds(5.19));
        Assert.False(_table.HasExpired());
        var before = _table.Roster.Version;
        Assert.True(_table.Renew("g", _gateway));

        Assert.Same(_gateway, Assert.Single(_table.Roster.Gateways).Endpoint);
        Assert.True(_table.Roster.Version > before);
    }

    [Fact]
    public void One_that_is_gone_is_on_no_roster_and_its_name_is_spent_until_it_is_forgotten()
    {
        _table.Register("g", _gateway);
        Assert.True(_table.TryEnd("g"));
        Assert.False(_table.TryEnd("g"));
        Assert.Empty(_table.Roster.Gateways);
        Assert.True(_table.Contains("g"));
        _table.Forget("g");
        Assert.False(_table.Contains("g"));
        Assert.False(_table.Renew("g", _gateway));
    }

    [Fact]
    public void Rosters_of_a_later_registry_have_higher_versions()
    {
        for (var i = 0; i < 1000; i++) _table.Register($"g{i}", _gateway);

        Assert.True(new GatewayTable(2, new LeaseTimes(), _time).Roster.Version > _table.Roster.Version);
    }
}
