using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrleansMqtt.Hosting.Gateways;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Hosting.Tests.Http;

public sealed class HealthTests
{
    [Fact]
    public async Task A_running_gateway_is_alive_and_ready()
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new SignallingWriter(), new StringWriter());
        var run = GatewayHost.RunAsync(["--Listeners:default:Bind=127.0.0.1:0", "--Store:Path=memory", "--Http:Bind=127.0.0.1:0"], output, error, stop.Token);
        Assert.Same(output.FirstLine, await Task.WhenAny(output.FirstLine, run));
        var address = (await output.FirstLine).Split("; ").Single(static part => part.StartsWith("http://", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        var live = await client.GetAsync("healthz", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, """{"status":"alive"}"""), (live.StatusCode, await TextAsync(live)));
        var ready = await client.GetAsync("readyz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("""{"status":"ready","checks":{"process":{"status":"Healthy","reason":"started"},"store":{"status":"Healthy","reason":"memory, durability memory"}}}""", await TextAsync(ready));
        Assert.True(ready.Headers.CacheControl!.NoStore);
        Assert.Equal("", await TextAsync(await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "readyz"), TestContext.Current.CancellationToken)));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("elsewhere", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("readyz", null, TestContext.Current.CancellationToken)).StatusCode);
        await stop.CancelAsync();
        Assert.Equal((0, ""), (await run, error.ToString()));
    }

    [Theory]
    [InlineData(true, null, true, 200, "Healthy")]
    [InlineData(true, "appendonly is no", true, 200, "Degraded")]
    [InlineData(false, "no answer for 3 s", true, 503, "Unhealthy")]
    [InlineData(true, null, false, 503, "Healthy")]
    public async Task Readiness_says_what_is_wrong(bool isHealthy, string? problem, bool hasStarted, int status, string storeStatus)
    {
        var lifetime = new Lifetime();
        if (hasStarted) await lifetime.Started.CancelAsync();
        var services = new ServiceCollection().AddLogging();
        services.AddHttpServer(new HttpSettings(null, IsDefault: false)).AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        services.AddSingleton<IStoreStatus>(new Store(isHealthy, problem));
        services.AddSingleton<IHostApplicationLifetime>(lifetime);
        await using var provider = services.BuildServiceProvider();
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await HealthEndpoints.ReadyAsync(context, provider);

        Assert.Equal(status, context.Response.StatusCode);
        var body = System.Text.Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        Assert.Contains($$"""
            "store":{"status":"{{storeStatus}}","reason":"redis somewhere, durability disk{{(problem is null ? "" : $": {problem}")}}"}
            """, body, StringComparison.Ordinal);
        Assert.Contains(hasStarted ? "started" : "starting", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "registered as g", HealthStatus.Healthy)]
    [InlineData(false, "waits for a silo", HealthStatus.Unhealthy)]
    public async Task A_process_is_ready_while_it_has_its_place_in_the_cluster(bool isPresent, string description, HealthStatus status)
    {
        var result = await new ClusterHealthCheck(new Presence(isPresent, description)).CheckHealthAsync(new(), TestContext.Current.CancellationToken);

        Assert.Equal((status, description), (result.Status, result.Description));
    }

    [Fact]
    public async Task A_process_that_stops_is_not_ready()
    {
        var lifetime = new Lifetime();
        await lifetime.Started.CancelAsync();
        await lifetime.Stopping.CancelAsync();

        Assert.Equal("stopping", (await new StartedHealthCheck(lifetime).CheckHealthAsync(new(), TestContext.Current.CancellationToken)).Description);
    }

    [Fact]
    public async Task An_address_that_was_asked_for_and_is_taken_is_one_sentence_and_exit_code_1()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await GatewayHost.RunAsync(
            ["--Listeners:default:Bind=127.0.0.1:0", "--Store:Path=memory", $"--Http:Bind={other.LocalEndpoint}"], output, error, TestContext.Current.CancellationToken);

        Assert.Equal((1, "", $"Cannot listen on {other.LocalEndpoint} (Http:Bind): Address already in use."), (code, output.ToString(), error.ToString().TrimEnd()));
    }

    [Fact]
    public async Task A_default_address_that_is_taken_only_means_that_there_is_no_HTTP()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var services = new ServiceCollection().AddLogging().AddHttpServer(new HttpSettings((IPEndPoint)other.LocalEndpoint, IsDefault: true)).BuildServiceProvider();
        var server = services.GetRequiredService<HttpServer>();
        await server.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(server.Address);
        await server.StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private sealed class Store(bool isHealthy, string? problem) : IStoreStatus
    {
        public string Description => "redis somewhere";

        public StoreDurability Durability => new(DurabilityLevel.Disk);

        public bool IsHealthy => isHealthy;

        public string? Problem => problem;
    }

    private sealed record Presence(bool IsPresent, string Description) : IClusterPresence;

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => Stopping.Cancel();
    }
}
