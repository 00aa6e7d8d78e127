using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Broker;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Routes;
using OrleansMqtt.TestingHost;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.Handlers.Tests.Routes;

/// <summary>Mapped code in a broker that is one process.</summary>
public class EmbeddedRouteTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Code_of_docs_minimal_api_does_what_the_page_says()
    {
        var readings = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(app =>
        {
            app.MapPublish("sensors/{room}/temp", async (string room, double value, IMqttContext context) =>
            {
                if (value > 30) await context.PublishAsync($"alarms/{room}", $"{value} degrees");
                readings.TrySetResult($"{context.Client} {context.Client!.Version} {context.Client.Listener} {(context.Client.Address as IPEndPoint)!.Address}");
            });
            app.MapSubscribe("sensors/{room}/temp", (string room) => $"you will hear of {room}");
            app.MapConnect((MqttClientInfo client, IMqttBroker broker) => broker.PublishAsync("clients/latest", client.ClientId, retain: true));
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await ConnectAsync(host);
        await client.SubscribeAsync("alarms/+");
        await client.SubscribeAsync("sensors/kitchen/temp");
        Assert.Equal("you will hear of kitchen", await client.ReceiveTextAsync());
        await client.PublishAsync("sensors/kitchen/temp", "31");
        Assert.Equal(["31", "31 degrees"], new[] { await client.ReceiveTextAsync(), await client.ReceiveTextAsync() }.Order(StringComparer.Ordinal));
        Assert.Equal("MQTTClient(id=me) V50 default 127.0.0.1", await readings.Task.WaitAsync(Guard, TestContext.Current.CancellationToken));
        await client.SubscribeAsync("clients/latest");
        Assert.Equal("me", await client.ReceiveTextAsync());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Mapped_code_never_runs_on_a_thread_that_reads()
    {
        using var blocked = new ManualResetEventSlim();
        using var host = Build(app =>
        {
            app.MapPublish("blocked", () => blocked.Wait(Guard));
            app.MapSubscribe("blocked", void () => blocked.Wait(Guard));
            app.MapConnect(void () => blocked.Wait(Guard));
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await ConnectAsync(host);
        await client.SubscribeAsync("blocked");
        await client.PublishAsync("blocked", "x");
        Assert.Equal("x", await client.ReceiveTextAsync());
        blocked.Set();
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_wrong_stops_the_start_with_one_sentence_for_each()
    {
        using var publish = Build(static app => app.MapPublish("a/{id}", (Stream one, Stream other) => { }));
        Assert.StartsWith("The handler a.{id} is refused: its parameters one and other both would be the payload", await RefusalOf(publish), StringComparison.Ordinal);
        using var clients = Build(static app =>
        {
            app.MapSubscribe("a/#/b", () => { });
            app.MapConnect((int what) => { }).WithTimeout(-1);
        });
        Assert.Equal(
            [
                "The handler connect is refused: its time-out has to be above 0 and at most 1800 seconds.",
                "The handler connect is refused: its parameter what, of type System.Int32, is no name of its template, and not registered as a service.",
                "The handler a.-.b is refused: its template \"a/#/b\" is malformed: \"#\" has to be the last level.",
            ],
            (await RefusalOf(clients)).Split(Environment.NewLine));

        static async Task<string> RefusalOf(IHost host) => (await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message;
    }

    [Fact]
    public async Task Health_is_what_the_checks_of_the_host_say_and_whether_it_runs()
    {
        var status = HealthStatus.Healthy;
        using var host = Build(static _ => { }, services => services.AddHealthChecks().AddCheck("mine", () => new HealthCheckResult(status, "as told")));
        var broker = host.Services.GetRequiredService<IMqttBroker>();
        Assert.Equal((HealthStatus.Unhealthy, false), await ReadAsync());
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Healthy, true), await ReadAsync());
        await using var client = await ConnectAsync(host);
        status = HealthStatus.Degraded;
        var health = await broker.CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Degraded, "as told", 1, 1_000_000), (health.Status, health.Problems["mine"], health.Connections, health.MaxConnections));
        await host.StopAsync(TestContext.Current.CancellationToken);

        async Task<(HealthStatus, bool)> ReadAsync() => await broker.CheckHealthAsync(TestContext.Current.CancellationToken) is var read ? (read.Status, read.IsRunning) : default;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Stops_the_gateway_and_then_the_host(double seconds)
    {
        using var host = Build(static _ => { });
        var running = host.RunAsync(TestContext.Current.CancellationToken);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(Guard, TestContext.Current.CancellationToken);
        await using var client = await ConnectAsync(host);
        var endPoint = host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint;
        await host.Services.GetRequiredService<IMqttBroker>().StopAsync(TimeSpan.FromSeconds(seconds)).WaitAsync(Guard, TestContext.Current.CancellationToken);
        Assert.Equal(ReasonCode.ServerShuttingDown, (await client.Closed)!.ReasonCode);
        await running.WaitAsync(Guard, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<IOException>(() => MqttTestClient.ConnectAsync(endPoint, new ConnectPacket { ClientId = "late" }));
    }

    private static Task<MqttTestClient> ConnectAsync(IHost host) =>
        MqttTestClient.ConnectAsync(host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint, new ConnectPacket { ClientId = "me", CleanStart = true });

    private static IHost Build(Action<MqttRoutes> map, Action<IServiceCollection>? configure = null)
    {
        var (builder, routes) = (Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings()), new MqttRoutes());
        map(routes);
        builder.Services.AddLogging(static logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        builder.Services.AddMqttRoutes(routes);
        builder.UseOrleans(static silo => silo.UseLocalhostClustering().AddMqttGrains().AddMqttMemoryStore().UseTopicHandlers());
        builder.Services.AddMqttGateway(new GatewayOptions { Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }], SysInterval = TimeSpan.Zero });
        configure?.Invoke(builder.Services);
        return builder.Build();
    }
}
