using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;

namespace OrleansMqtt.Actors.Tests.Membership;

public class MembershipTimingTests
{
    [Fact]
    public void The_defaults_are_a_heartbeat_each_half_second_and_a_lease_of_two_seconds()
    {
        var timing = new MembershipTiming(new ClusterMembershipOptions());

        Assert.Equal((0.5, 2.0, 1.8), (timing.RenewPeriod.TotalSeconds, timing.LeaseDuration.TotalSeconds, timing.OwnLeaseDuration.TotalSeconds));
    }

    public static TheoryData<Action<ClusterMembershipOptions>, string> Mistakes => new()
    {
        { static options => options.IAmAliveTablePublishTimeout = TimeSpan.Zero, "IAmAliveTablePublishTimeout must be at least 10 ms." },
        { static options => options.IAmAliveTablePublishTimeout = TimeSpan.MaxValue, "IAmAliveTablePublishTimeout must be at most an hour." },
        { static options => options.NumMissedTableIAmAliveLimit = 3, "NumMissedTableIAmAliveLimit must be 4 to 1000: a heartbeat may be late and the one after it lost, and still the silo lives." },
        { static options => options.TableRefreshTimeout = TimeSpan.FromSeconds(-1), "TableRefreshTimeout must be at least 10 ms." },
        { static options => options.TableRefreshTimeout = TimeSpan.MaxValue, "TableRefreshTimeout must be at most an hour." },
        { static options => options.MaxJoinAttemptTime = TimeSpan.Zero, "MaxJoinAttemptTime must be positive." },
        { static options => options.DefunctSiloCleanupPeriod = TimeSpan.Zero, "DefunctSiloCleanupPeriod must be positive, or null." },
        { static options => options.DefunctSiloExpiration = TimeSpan.FromSeconds(2), "DefunctSiloExpiration must be longer than the lease." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_contradicts_itself_is_refused_in_one_sentence(Action<ClusterMembershipOptions> mistake, string sentence)
    {
        var options = new ClusterMembershipOptions();
        mistake(options);

        Assert.Equal("ClusterMembershipOptions." + sentence, Assert.Throws<OrleansConfigurationException>(() => new MembershipTiming(options)).Message);
    }
}
