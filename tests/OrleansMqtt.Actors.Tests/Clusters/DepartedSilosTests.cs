using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Clusters;

public sealed class DepartedSilosTests : IAsyncLifetime
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    private readonly Room _room = new("memory");
    private SiloAddress _silo = null!;
    private DepartedSilos _departed = null!;
    private PeerConnection _connection = null!;

    // A member, and a connection to it.
    public async ValueTask InitializeAsync()
    {
        _silo = (await _room.SiloAsync()).Silo;
        var network = _room.Client().Network;
        _departed = new DepartedSilos(network, _room.Time);
        _departed.Observe(View(1, SiloStatus.Active));
        _connection = network.ConnectionTo(_silo);
    }

    [Fact]
    public async Task Nobody_waits_for_one_that_was_declared_dead()
    {
        _departed.Observe(View(2, SiloStatus.Dead, declaredBy: SiloAddress.Zero));

        // The clock stands.
        await _connection.Completion.WaitAsync(HangGuard, TestContext.Current.CancellationToken);
        Assert.True(_departed.Contains(_silo));
    }

    [Fact]
    public async Task One_that_has_left_answers_what_it_still_has()
    {
        _departed.Observe(View(2, SiloStatus.Dead));
        _room.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(_connection.Completion.IsCompleted);

        await _room.AdvanceUntilAsync(_connection.Completion, TimeSpan.FromSeconds(0.1)).WaitAsync(HangGuard, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _room.DisposeAsync();

    private MembershipView View(int version, SiloStatus status, SiloAddress? declaredBy = null)
    {
        var entry = new MembershipEntry { SiloAddress = _silo, Status = status, SiloName = "silo", HostName = "host" };
        if (declaredBy is not null)
        {
            entry.AddSuspector(declaredBy, DateTime.UnixEpoch);
        }

        return MembershipView.From(new MembershipTableData([Tuple.Create(entry, "1")], new TableVersion(version, "1")));
    }
}
