using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Clusters;

public sealed class DepartedSilosTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nobody_waits_for_one_that_was_declared_dead()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var client = room.Client();
        var departed = new DepartedSilos(client.Network, room.Time);
        departed.Observe(View(1, silo.Silo, SiloStatus.Active));
        var connection = client.Network.ConnectionTo(silo.Silo);
        departed.Observe(View(2, silo.Silo, SiloStatus.Dead, declaredBy: client.Silo));

        // The clock stands.
        await connection.Completion.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.True(departed.Contains(silo.Silo));
    }

    [Fact]
    public async Task One_that_has_left_answers_what_it_still_has()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var client = room.Client();
        var departed = new DepartedSilos(client.Network, room.Time);
        departed.Observe(View(1, silo.Silo, SiloStatus.Active));
        var connection = client.Network.ConnectionTo(silo.Silo);
        departed.Observe(View(2, silo.Silo, SiloStatus.Dead));
        room.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(connection.Completion.IsCompleted);

        await room.AdvanceUntilAsync(connection.Completion, TimeSpan.FromSeconds(0.1)).WaitAsync(HangGuard, TestContext.Current.CancellationToken);
    }

    private static MembershipView View(int version, SiloAddress silo, SiloStatus status, SiloAddress? declaredBy = null)
    {
        var entry = new MembershipEntry { SiloAddress = silo, Status = status, SiloName = "silo", HostName = "host" };
        if (declaredBy is not null)
        {
            entry.AddSuspector(declaredBy, DateTime.UnixEpoch);
        }

        return MembershipView.From(new MembershipTableData([Tuple.Create(entry, "1")], new TableVersion(version, "1")));
    }
}
