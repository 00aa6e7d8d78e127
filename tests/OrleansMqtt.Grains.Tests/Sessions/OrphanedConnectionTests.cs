using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>Connections whose session's silo is lost while their gateway lives, and the other way round.</summary>
public sealed class OrphanedConnectionTests
{
    // The clock leaps while calls are under way: no silo is to lose its routes for that here.
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000), RosterCheck = TimeSpan.FromDays(1000) };
    private readonly LastingStores _stores = new();
    private readonly ClosingGateway _gateway = new();
    // Where the second silo reaches it.
    private IGatewayEndpoint? _endpoint;

    [Fact]
    public async Task One_of_a_session_that_is_active_elsewhere_by_now_is_closed_so_that_its_client_comes_back()
    {
        var (first, second, epoch) = await MoveAsync();
        await using var _ = first;
        await using var __ = second;
        // What wakes it: a message, say, which nobody could push.
        Assert.Equal(0, await second.Session("c").CountAsync());
        await LastingStores.UntilAsync(second, async () => await RenewAsync(second) && _gateway.Closed.IsCompleted);
        Assert.Equal((epoch, ReasonCode.ServerBusy), await _gateway.Closed);
        await second.Session("c").DisconnectAsync(epoch, new DisconnectRequest(PublishWill: true));
        await LastingStores.UntilAsync(second, async () => await RenewAsync(second) && (await _stores.ReadConnectionsAsync(LastingStores.Gateway)).Count == 0);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task One_that_its_gateway_knows_no_longer_ends_as_lost()
    {
        _gateway.IsThere = false;
        var (first, second, _) = await MoveAsync();
        await using var __ = first;
        await using var ___ = second;
        await second.Session("c").CountAsync();
        await LastingStores.UntilAsync(second, async () => await RenewAsync(second) && (await _stores.ReadConnectionsAsync(LastingStores.Gateway)).Count == 0);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task Its_goodbye_holds_also_with_the_next_activation()
    {
        var (first, second, epoch) = await MoveAsync();
        await using var _ = first;
        await using var __ = second;
        await second.Session("c").DisconnectAsync(epoch, new DisconnectRequest(PublishWill: false));

        Assert.Empty(await _stores.ReadConnectionsAsync(LastingStores.Gateway));
        Assert.Empty(await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task It_is_closed_before_the_next_connection_of_its_client_begins()
    {
        var (first, second, epoch) = await MoveAsync();
        await using var _ = first;
        await using var __ = second;
        Assert.True((await second.Session("c").ConnectAsync(LastingStores.Request(second, "other"))).SessionPresent);

        Assert.Equal((epoch, ReasonCode.SessionTakenOver), await _gateway.Closed);
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task One_that_nothing_is_stored_of_ends_with_its_gateway()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        var connections = silo.Services.GetRequiredService<UnstoredConnections>();
        foreach (var gateway in (string[])["gone", "lives"])
        {
            await silo.Registry.RegisterAsync(gateway, silo.Reference<IGatewayEndpoint>(_gateway));
            await silo.Session(gateway).ConnectAsync(LastingStores.Request(silo, gateway) with { SessionExpiry = 0 });
        }
        Assert.Equal(["gone", "lives"], connections.Gateways.Order());
        await silo.Registry.LeaveAsync("gone");
        var lives = silo.Reference<IGatewayEndpoint>(_gateway);
        await LastingStores.UntilAsync(silo, async () => await silo.Registry.RenewAsync("lives", lives) && connections.Gateways.Count == 1);

        Assert.Equal(["lives"], connections.Gateways);
        var epoch = Assert.Single(connections.Of("lives")).Value;
        await silo.Session("lives").DisconnectAsync(epoch, new DisconnectRequest(PublishWill: false));
        Assert.Empty(connections.Gateways);
    }

    [Fact]
    public async Task A_takeover_waits_for_a_gateway_that_does_not_answer_until_that_is_gone_and_no_longer()
    {
        await using var silo = await _stores.StartAsync(cluster: Times);
        var lives = silo.Reference<IGatewayEndpoint>(new FakeGateway());
        _gateway.Answer = new TaskCompletionSource<bool>().Task;
        var paused = silo.Reference<IGatewayEndpoint>(_gateway);
        await silo.Registry.RegisterAsync("paused", paused);
        await silo.Registry.RegisterAsync("lives", lives);
        await silo.Session("c").ConnectAsync(LastingStores.Request(silo, "paused") with { Endpoint = paused });
        var connecting = silo.Session("c").ConnectAsync(LastingStores.Request(silo, "lives") with { Endpoint = lives, CleanStart = false });
        await _gateway.Closed;
        await LastingStores.UntilAsync(silo, async () => await silo.Registry.RenewAsync("lives", lives) && connecting.IsCompleted);

        Assert.True((await connecting).SessionPresent);
        Assert.DoesNotContain("paused", (await silo.Registry.ReadAsync()).Gateways.Select(static gateway => gateway.Name));
    }

    // Client "c" with a will connects to a gateway by one silo, whose grains another silo has then; the gateway lives.
    private async Task<(TestSilo First, TestSilo Second, long Epoch)> MoveAsync()
    {
        var first = await _stores.StartFirstAsync(Times);
        await first.Registry.RegisterAsync(LastingStores.Gateway, first.Reference<IGatewayEndpoint>(_gateway));
        var outcome = await LastingStores.ConnectAsync(first, "c", ConnectRequest.NeverExpires);
        var second = await _stores.StartSuccessorAsync(Times);
        // Its topic grains may have asked for the gateway before it was heard of, and ask again.
        await LastingStores.UntilAsync(second, async () => await RenewAsync(second) && second.Started.IsCompleted);
        return (first, second, outcome.Epoch);
    }

    private Task<bool> RenewAsync(TestSilo silo) => silo.Registry.RenewAsync(LastingStores.Gateway, _endpoint ??= silo.Reference<IGatewayEndpoint>(_gateway));

    private sealed class ClosingGateway : IGatewayEndpoint, IGatewayConnections
    {
        private readonly TaskCompletionSource<(long, ReasonCode)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsThere { get; set; } = true;

        public Task<bool>? Answer { get; set; }

        public Task<(long Epoch, ReasonCode Reason)> Closed => _closed.Task;

        public Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason)
        {
            _closed.TrySetResult((epoch, reason));
            return Answer ?? Task.FromResult(IsThere);
        }

        public Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries) => Task.FromResult(false);

        public ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call) => ValueTask.FromResult<ImmutableArray<int>>([.. new int[call.Publishes.Count]]);

        public Task<RoutePage> ReadRoutesAsync(int partition, int page) => Task.FromResult(new RoutePage([], null));

        public Task<IGatewayConnections> GetConnectionsAsync() => Task.FromResult<IGatewayConnections>(this);

        public Task<ImmutableArray<long>> CloseFormerAsync(ImmutableArray<FormerConnection> former) => Task.FromResult<ImmutableArray<long>>([.. new long[former.Length]]);

        public Task<long> ConfirmAsync(long pass) => Task.FromResult(0L);
    }
}
