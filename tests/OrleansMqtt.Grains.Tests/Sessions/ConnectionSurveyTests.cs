using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>Connections of which nothing is stored, when their grains may have been elsewhere.</summary>
public sealed class ConnectionSurveyTests
{
    // The clock leaps while calls are under way: no silo is to lose its routes for that here.
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000), RosterCheck = TimeSpan.FromDays(1000) };
    private readonly Moves _moves = new();
    private readonly FakeConnections _here = new(), _there = new();
    private readonly Dictionary<string, IGatewayEndpoint> _endpoints = [];

    [Fact]
    public async Task What_a_client_has_elsewhere_is_ended_before_it_is_let_in()
    {
        await using var silo = await StartAsync();
        _there.There["c"] = 5;
        var outcome = await ConnectAsync(silo, "c");

        Assert.Empty(_there.There);
        Assert.InRange(outcome.Epoch, 6, long.MaxValue);
    }

    [Fact]
    public async Task Its_epoch_is_higher_than_those_that_a_silo_with_a_clock_ahead_gave()
    {
        await using var silo = await StartAsync();
        _there.There["c"] = long.MaxValue / 2;
        var outcome = await ConnectAsync(silo, "c");

        Assert.Empty(_there.There);
        Assert.InRange(outcome.Epoch, (long.MaxValue / 2) + 1, long.MaxValue);
    }

    [Fact]
    public async Task Nobody_is_asked_when_all_gateways_have_made_their_connections_known_until_silos_come_or_go()
    {
        await using var silo = await StartAsync();
        (_here.HasConfirmed, _there.HasConfirmed) = (true, true);
        await SureAsync(silo);
        await ConnectAsync(silo, "c");
        Assert.Equal((0, 0), (_here.Asked, _there.Asked));

        _there.HasConfirmed = false;
        _moves.Version++;
        await ConnectAsync(silo, "d");
        Assert.Equal((1, 1), (_here.Asked, _there.Asked));
    }

    [Fact]
    public async Task Nothing_is_sure_before_others_have_handed_over()
    {
        await using var silo = await StartAsync();
        var settled = new TaskCompletionSource();
        _moves.Settled = settled.Task;
        _moves.Version++;
        (_here.HasConfirmed, _there.HasConfirmed) = (true, true);
        // One survey may have begun before.
        await ConnectAsync(silo, "c");
        Assert.True(silo.Services.GetRequiredService<ConnectionSurvey>().IsInDoubt);
        settled.SetResult();
        await SureAsync(silo);
    }

    [Fact]
    public async Task An_activation_that_has_had_a_connection_asks_nobody()
    {
        await using var silo = await StartAsync();
        var first = await ConnectAsync(silo, "c");
        await ConnectAsync(silo, "c");

        Assert.Equal(1, _there.Asked);
        Assert.NotEqual(0, first.Epoch);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_waited_for_until_it_is_gone()
    {
        await using var silo = await StartAsync();
        _there.Paused = new TaskCompletionSource().Task;
        var connecting = ConnectAsync(silo, "c");
        await LastingStores.UntilAsync(silo, async () => await silo.Registry.RenewAsync("here", _endpoints["here"]) && connecting.IsCompleted);
        await connecting;

        Assert.DoesNotContain("there", (await silo.Registry.ReadAsync()).Gateways.Select(static gateway => gateway.Name));
    }

    [Fact]
    public async Task A_connection_that_is_made_known_is_ended_by_the_next_one_as_any_other()
    {
        await using var silo = await StartAsync();
        Assert.True(await silo.Session("c").ConfirmAsync(5, "there", _endpoints["there"]));
        Assert.True(await silo.Session("c").ConfirmAsync(5, "there", _endpoints["there"]));
        var outcome = await ConnectAsync(silo, "c");

        Assert.Equal((0, 0), (_here.Asked, _there.Asked));
        Assert.False(await silo.Session("c").ConfirmAsync(5, "there", _endpoints["there"]));
        Assert.True(await silo.Session("c").ConfirmAsync(outcome.Epoch, "here", _endpoints["here"]));
    }

    [Fact]
    public async Task A_connection_that_is_made_known_ends_with_its_gateway()
    {
        await using var silo = await StartAsync();
        await silo.Session("c").ConfirmAsync(5, "there", _endpoints["there"]);
        var unstored = silo.Services.GetRequiredService<UnstoredConnections>();
        Assert.Equal(5, Assert.Single(unstored.Of("there")).Value);
        await silo.Registry.LeaveAsync("there");
        await LastingStores.UntilAsync(silo, async () => await silo.Registry.RenewAsync("here", _endpoints["here"]) && unstored.Gateways.Count == 0);
    }

    [Fact]
    public async Task A_clean_connection_has_no_claim_on_a_session_that_is_stored()
    {
        await using var silo = await StartAsync();
        var stored = await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "here"));
        await silo.Session("c").DisconnectAsync(stored.Epoch, new DisconnectRequest(PublishWill: false));

        Assert.False(await silo.Session("c").ConfirmAsync(stored.Epoch + 1, "there", _endpoints["there"]));
    }

    // Two gateways, "here" and "there", which have not made their connections known.
    private async Task<TestSilo> StartAsync()
    {
        (_here.HasConfirmed, _there.HasConfirmed) = (false, false);
        var silo = await TestSilo.StartAsync(services => services.AddSingleton<IGrainMoves>(_moves), cluster: Times);
        foreach (var (name, connections) in new[] { ("here", _here), ("there", _there) })
        {
            _endpoints[name] = silo.Reference<IGatewayEndpoint>(new FakeGateway { Connections = connections });
            await silo.Registry.RegisterAsync(name, _endpoints[name]);
        }
        // It may have been sure while there was no gateway.
        _moves.Version++;
        return silo;
    }

    private Task<ConnectOutcome> ConnectAsync(TestSilo silo, string clientId) => silo.Session(clientId).ConnectAsync(new ConnectRequest { Gateway = "here", Endpoint = _endpoints["here"] });

    private async Task SureAsync(TestSilo silo)
    {
        var survey = silo.Services.GetRequiredService<ConnectionSurvey>();
        await LastingStores.UntilAsync(silo, async () => await silo.Registry.RenewAsync("here", _endpoints["here"]) && await silo.Registry.RenewAsync("there", _endpoints["there"]) && !survey.IsInDoubt);
    }

    private sealed class Moves : IGrainMoves
    {
        private long _version = 1;

        public long Version
        {
            get => Volatile.Read(ref _version);
            set => Volatile.Write(ref _version, value);
        }

        public Task Settled { get; set; } = Task.CompletedTask;
    }
}
