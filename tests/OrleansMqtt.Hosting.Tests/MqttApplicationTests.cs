using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routes;
using OrleansMqtt.Security;

namespace OrleansMqtt.Hosting.Tests;

public sealed class MqttApplicationTests
{
    private static readonly string[] Quiet = ["--Store:Path=memory", "--Listeners:default:Bind=127.0.0.1:0", "--Http:Bind=none"];

    [Fact]
    public async Task Has_the_services_and_endpoints_that_a_program_adds()
    {
        var builder = MqttApplication.CreateBuilder(Quiet);
        builder.Settings["Http:Bind"] = "127.0.0.1:0";
        builder.Services.AddSingleton(new Greeting("hello"));
        await using var app = builder.Build();
        app.MapHttp(static http => http.MapGet("/greet/{name}", static (string name, Greeting greeting, IGrainFactory grains) => $"{greeting.Word}, {name}"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = app.HttpAddress };
        Assert.Equal("hello, you", await http.GetStringAsync("greet/you", TestContext.Current.CancellationToken));
        Assert.Equal("""{"status":"alive"}""", await http.GetStringAsync("healthz", TestContext.Current.CancellationToken));
        Assert.Equal("mqtt", Assert.Single(app.Listeners).Scheme);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Maps_code_on_what_clients_do()
    {
        var builder = MqttApplication.CreateBuilder(Quiet);
        builder.Services.AddSingleton(new Greeting("hello"));
        await using var app = builder.Build();
        app.MapPublish("rooms/{room}", async (string room, string text, Greeting greeting, IMqttBroker broker) => await broker.PublishAsync($"seen/{room}", $"{greeting.Word} {text}", retain: true))
            .WithAck(AckMode.Handled);
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.MapPublish("seen/{room}", (string room, string text) => { seen.TrySetResult($"{room}: {text}"); });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var broker = app.Services.GetRequiredService<IMqttBroker>();
        await broker.PublishAsync("rooms/kitchen", "you", QualityOfService.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("kitchen: hello you", await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(HealthStatus.Healthy, (await broker.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        Assert.Throws<InvalidOperationException>(() => app.MapConnect(() => { }));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_program_s_own_settings_win_and_are_checked()
    {
        var builder = MqttApplication.CreateBuilder([.. Quiet, "--Limits:ReceiveMaximum=10"]);
        builder.Settings["Limits:ReceiveMaximum"] = "0";
        await using var app = builder.Build();
        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Limits:ReceiveMaximum is \"0\"; allowed is a whole number from 1 to 65535.", exception.Message);
    }

    [Fact]
    public async Task A_program_may_keep_settings_of_its_own_in_its_own_section()
    {
        await using var app = MqttApplication.CreateBuilder([.. Quiet, "--Application:Colour=red"]).Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("red", app.Services.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>()["Application:Colour"]);
    }

    [Fact]
    public async Task Authenticators_of_a_program_are_known_to_its_settings()
    {
        // Without one, anonymous clients of other machines would be let in, and that is refused.
        var builder = MqttApplication.CreateBuilder([.. Quiet, "--Listeners:default:Bind=0.0.0.0:0", "--Authentication:Order=nobody"]);
        builder.AddAuthenticator<Nobody>("nobody");
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await using var refused = MqttApplication.CreateBuilder([.. Quiet, "--Listeners:default:Bind=0.0.0.0:0"]).Build();
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => refused.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Has_no_services_before_its_start_and_starts_once()
    {
        await using var app = MqttApplication.CreateBuilder(Quiet).Build();
        Assert.Throws<InvalidOperationException>(() => app.Services);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Code_that_is_mapped_runs()
    {
        var heard = new TaskCompletionSource<(string Room, double Value)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = MqttApplication.CreateBuilder(Quiet).Build();
        app.MapPublish("sensors/{room}/temp", (string room, double value) => heard.TrySetResult((room, value)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Broker.PublishAsync("sensors/kitchen/temp", 21.5, QualityOfService.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("kitchen", 21.5), await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Code_that_is_mapped_where_it_would_never_run_is_refused()
    {
        await using var gateway = MqttApplication.CreateBuilder([.. Quiet[1..], "--Cluster:Redis=127.0.0.1:1"]).Build();
        gateway.MapPublish("a", static () => { });
        var exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => gateway.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Code is mapped on publishes, and this is a gateway of a cluster", exception.Message, StringComparison.Ordinal);
        await using var silo = MqttApplication.CreateSiloBuilder("--Cluster:Redis=127.0.0.1:1").Build();
        silo.MapConnect(static () => { });
        exception = await Assert.ThrowsAsync<OrleansConfigurationException>(() => silo.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Code is mapped on subscriptions or connections, and this is a silo", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_that_fails_is_one_sentence_and_exit_code_3()
    {
        var builder = MqttApplication.CreateBuilder(Quiet);
        builder.Services.AddHostedService<Stubborn>();
        await using var app = builder.Build();
        using var stop = new CancellationTokenSource();
        var (output, error) = (new SignallingWriter(), new StringWriter());
        var run = app.RunAsync(output, error, stop.Token);
        Assert.Same(output.FirstLine, await Task.WhenAny(output.FirstLine, run));
        await stop.CancelAsync();
        Assert.Equal((3, "The stop did not come to its end: no"), (await run, error.ToString().TrimEnd()));
    }

    private sealed class Stubborn : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("no");
    }

    private sealed record Greeting(string Word);

    private sealed class Nobody : IAuthenticator
    {
        public string Name => "nobody";

        public ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(AuthenticationResult.Deny(ReasonCode.NotAuthorized, "nobody is known"));
    }
}
