using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Gateways;

public sealed class GatewayRegistryTests
{
    // The clock leaps while calls are under way: no silo is to lose its routes for that here, and no route the gateway that the test made up.
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000), RosterCheck = TimeSpan.FromDays(1000) };
    private readonly LastingStores _stores = new();

    [Fact]
    public async Task A_gateway_lives_as_long_as_it_renews_its_lease_and_is_gone_when_that_is_over()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        var endpoint = silo.Reference<IGatewayEndpoint>(new FakeGateway());
        Assert.True(await silo.Registry.RegisterAsync("g", endpoint));
        for (var i = 0; i < 5; i++)
        {
            silo.Time.Advance(TimeSpan.FromSeconds(4));
            Assert.True(await silo.Registry.RenewAsync("g", endpoint));
        }
        Assert.Equal(endpoint, Assert.Single((await silo.Registry.ReadAsync()).Gateways).Endpoint);
        await LastingStores.UntilAsync(silo, async () => (await silo.Registry.ReadAsync()).Gateways.IsEmpty);

        Assert.False(await silo.Registry.RenewAsync("g", endpoint));
        Assert.True(await silo.Registry.RegisterAsync("another", endpoint));
    }

    [Fact]
    public async Task What_a_gateway_that_is_gone_leaves_is_ended()
    {
        await using var silo = await _stores.StartFirstAsync(Times);
        await silo.Registry.RegisterAsync(LastingStores.Gateway, silo.Reference<IGatewayEndpoint>(new FakeGateway()));
        // Its session grain lives on, and knows of nothing.
        await LastingStores.ConnectAsync(silo, "c", 1000);
        var topic = new TopicPartitions().Of("t");
        await silo.Topic(topic).ChangeGatewaysAsync([RouteChanges.OfGateway(LastingStores.Gateway, "t", removed: false), RouteChanges.OfGateway("other", "t", removed: false)]);
        silo.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Single((await silo.Registry.ReadAsync()).Gateways);
        await UntilForgottenAsync(silo);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.Empty(await _stores.ReadConnectionsAsync(LastingStores.Gateway));
        Assert.Equal(["other"], await GatewaysOfAsync(silo, topic));
    }

    [Fact]
    public async Task A_gateway_that_leaves_is_gone_at_once()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        await silo.Registry.RegisterAsync("g", silo.Reference<IGatewayEndpoint>(new FakeGateway()));
        await silo.Registry.LeaveAsync("g");

        Assert.Empty((await silo.Registry.ReadAsync()).Gateways);
    }

    [Fact]
    public async Task A_registry_that_takes_over_waits_a_full_lease_for_everybody_and_ends_what_nobody_has_ended()
    {
        await using var first = await _stores.StartFirstAsync(Times);
        await first.Registry.RegisterAsync(LastingStores.Gateway, first.Reference<IGatewayEndpoint>(new FakeGateway()));
        await first.Registry.RegisterAsync("lives", first.Reference<IGatewayEndpoint>(new FakeGateway()));
        await LastingStores.ConnectAsync(first, "c", 1000);
        // The first silo's clock stands.
        await using var second = await _stores.StartSuccessorAsync(Times);
        Assert.Equal([(LastingStores.Gateway, false), ("lives", false)], (await second.Registry.ReadAsync()).Gateways.Select(static g => (g.Name, g.Endpoint is not null)).Order());
        var endpoint = second.Reference<IGatewayEndpoint>(new FakeGateway());
        second.Time.Advance(TimeSpan.FromSeconds(4.5));
        Assert.True(await second.Registry.RenewAsync("lives", endpoint));
        Assert.Equal(2, (await second.Registry.ReadAsync()).Gateways.Length);
        await LastingStores.UntilAsync(second, async () =>
        {
            await second.Registry.RenewAsync("lives", endpoint);
            return (await _stores.ReadAsync("s")).Count > 0;
        });
        await second.Started;

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.Equal(new GatewayEntry("lives", endpoint), Assert.Single((await second.Registry.ReadAsync()).Gateways));
    }

    [Fact]
    public async Task A_connection_that_came_when_its_gateway_was_gone_already_is_ended_too()
    {
        await using var silo = await _stores.StartFirstAsync(Times);
        await silo.Registry.RegisterAsync(LastingStores.Gateway, silo.Reference<IGatewayEndpoint>(new FakeGateway()));
        await silo.Registry.LeaveAsync(LastingStores.Gateway);
        await UntilForgottenAsync(silo);
        await LastingStores.ConnectAsync(silo, "c", 1000);
        await LastingStores.UntilAsync(silo, async () => (await _stores.ReadAsync("s")).Count > 0);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_silo_finds_gateways_and_knows_who_is_gone_for_good()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        var directory = silo.Services.GetRequiredService<IGatewayDirectory>();
        var endpoint = silo.Reference<IGatewayEndpoint>(new FakeGateway());
        await silo.Registry.RegisterAsync("g", endpoint);
        Assert.Equal(endpoint, await directory.FindAsync("g"));
        Assert.Null(await directory.FindAsync("never there"));
        var missing = directory.WhenMissing("g");
        Assert.False(missing.IsCompleted);
        await silo.Registry.LeaveAsync("g");
        await UntilAsync(async () => await directory.FindAsync("g") is null);
        Assert.True(missing.IsCompleted);
    }

    [Fact]
    public async Task A_silo_waits_for_a_gateway_that_the_registry_has_not_heard_of_since_it_moved()
    {
        await using var first = await _stores.StartAsync(cluster: Times);
        await first.Registry.RegisterAsync("g", first.Reference<IGatewayEndpoint>(new FakeGateway()));
        await using var second = await _stores.StartSuccessorAsync(Times);
        var found = second.Services.GetRequiredService<IGatewayDirectory>().FindAsync("g").AsTask();
        Assert.False(found.IsCompleted);
        var endpoint = second.Reference<IGatewayEndpoint>(new FakeGateway());
        await LastingStores.UntilAsync(second, async () =>
        {
            await second.Registry.RenewAsync("g", endpoint);
            return found.IsCompleted;
        });

        Assert.Equal(endpoint, await found);
    }

    [Fact]
    public async Task A_client_is_taken_over_from_a_gateway_that_can_not_be_reached_only_when_that_is_gone()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        var former = new UnreachableGateway();
        var endpoint = silo.Reference<IGatewayEndpoint>(former);
        await silo.Registry.RegisterAsync("former", endpoint);
        await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "former") with { Endpoint = endpoint });

        await Assert.ThrowsAsync<TimeoutException>(() => silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next")));
        await silo.Registry.LeaveAsync("former");
        await UntilAsync(async () => await silo.Services.GetRequiredService<IGatewayDirectory>().FindAsync("former") is null);
        Assert.True((await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "next"))).SessionPresent);
    }

    private Task UntilForgottenAsync(TestSilo silo) => LastingStores.UntilAsync(silo, async () => (await _stores.Leases.ReadAsync("gateway/")).IsEmpty);

    // Without moving the clock.
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<IEnumerable<string>> GatewaysOfAsync(TestSilo silo, int partition)
    {
        var replica = new SnapshotReplica();
        await silo.Topic(partition).AttachLeasedAsync("observer", silo.Reference<IRouteReplica>(replica));
        return replica.Snapshot!.Routes.Where(static route => route.Kind == RouteKind.Gateway).Select(static route => route.Receiver);
    }

    private sealed class SnapshotReplica : IRouteReplica
    {
        public RouteSnapshot? Snapshot { get; private set; }

        public Task LoadAsync(int partition, RouteSnapshot snapshot)
        {
            Snapshot = snapshot;
            return Task.CompletedTask;
        }

        public Task<bool> ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes) => Task.FromResult(true);

        public Task SetPresenceAsync(int partition, RetainedPresence presence) => Task.CompletedTask;

        public Task RevokeAsync(int partition) => Task.CompletedTask;
    }

    private sealed class UnreachableGateway : IGatewayEndpoint
    {
        public Task<bool> CloseAsync(string clientId, long epoch, Protocol.Packets.ReasonCode reason) => throw new TimeoutException();

        public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries) => throw new TimeoutException();

        public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call) => throw new TimeoutException();

        public Task<RoutePage> ReadRoutesAsync(int partition, int page) => throw new TimeoutException();

        // A silo that has just started asks for them first, and would ask again and again.
        public Task<IGatewayConnections> GetConnectionsAsync() => Task.FromResult<IGatewayConnections>(new FakeConnections());
    }
}
