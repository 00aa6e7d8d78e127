using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Membership;

public sealed class PausedGatewayTests
{
    // The clock leaps: no silo is to lose its routes for that here.
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000) };

    [Fact]
    public async Task A_gateway_of_a_cluster_serves_like_any_other()
    {
        await using var broker = await TestBroker.StartAsync(cluster: Times);
        var (subscriber, publisher) = (await broker.ConnectAsync("s", sessionExpiry: 100), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("t", "hello", QualityOfService.AtLeastOnce);

        Assert.Equal("hello", await subscriber.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_gateway_that_was_paused_for_longer_than_its_lease_closes_its_clients_and_begins_anew()
    {
        await using var broker = await TestBroker.StartAsync(cluster: Times);
        var identity = broker.Services.GetRequiredService<GatewayIdentity>();
        var name = identity.Name;
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);
        await client.SubscribeAsync("t", QualityOfService.AtLeastOnce);
        broker.Time.Leap(TimeSpan.FromSeconds(10));
        Assert.Equal(ReasonCode.ServerShuttingDown, (await client.ReceiveAsync<DisconnectPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
        var lease = broker.Services.GetRequiredService<GatewayLease>();
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!lease.IsInForce)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.NotEqual(name, identity.Name);
        var (back, publisher) = (await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100), await broker.ConnectAsync("p"));
        Assert.True(back.ConnAck!.SessionPresent);
        await publisher.PublishAsync("t", "hello", QualityOfService.AtLeastOnce);
        Assert.Equal("hello", await back.ReceiveTextAsync());
    }
}
