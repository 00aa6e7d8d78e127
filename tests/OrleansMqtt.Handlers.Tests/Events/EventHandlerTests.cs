using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Events;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.TestingHost;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.Handlers.Tests.Events;

/// <summary>Grains hear what happens at any gateway.</summary>
public class EventHandlerTests
{
    private static readonly EventOptions Options = new() { Publish = EventKinds.Connected | EventKinds.Disconnected | EventKinds.Subscribed };

    [Fact]
    public async Task A_grain_hears_of_its_client_at_whichever_gateway_and_when_that_is_lost()
    {
        await using var cluster = await StartAsync();
        string[] names = [.. cluster.Gateways.Select(static gateway => gateway.Services.GetRequiredService<GatewayOptions>().Name)];
        var (one, clean, kept) = ($"one-{Guid.NewGuid():N}", $"clean-{Guid.NewGuid():N}", $"kept-{Guid.NewGuid():N}");
        await using (var client = await cluster.Gateways[0].ConnectAsync(one))
        {
            Assert.Equal($"{one} connected to {names[0]} with V50", await Inbox.TakeAsync(one));
            await client.SubscribeAsync("a/#");
            Assert.Equal($"{one} subscribed to a/#", await Inbox.TakeAsync(one));
            await client.DisconnectAsync();
        }
        Assert.Equal($"{one} disconnected by Client with 0", await Inbox.TakeAsync(one));
        await using var again = await cluster.Gateways[1].ConnectAsync(one);
        Assert.Equal($"{one} connected to {names[1]} with V50", await Inbox.TakeAsync(one));

        await using var lost = await cluster.Gateways[0].ConnectAsync(clean);
        await using var persistent = await cluster.Gateways[0].ConnectAsync(kept, sessionExpiry: TimeSpan.FromHours(1));
        Assert.Equal($"{clean} connected to {names[0]} with V50", await Inbox.TakeAsync(clean));
        Assert.Equal($"{kept} connected to {names[0]} with V50", await Inbox.TakeAsync(kept));
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        Assert.Equal($"{clean} disconnected by Gateway with ", await Inbox.TakeAsync(clean));
        Assert.Equal($"{kept} disconnected by Gateway with ", await Inbox.TakeAsync(kept));
        Assert.True(Inbox.IsEmpty(one));
    }

    private static Task<MqttTestCluster> StartAsync() => HandlerCluster.StartAsync(new MqttTestClusterBuilder()
        .ConfigureGatewayServices(static services => services.AddBrokerEvents(Options))
        .ConfigureSilo(static silo => silo.Services.AddBrokerEvents(Options)));
}
