using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Broker;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Gateways;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Hosting.Silos;
using OrleansMqtt.Hosting.Telemetry;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Hosting;

/// <summary>
/// A broker as a program of one's own: the same settings (appsettings.json beside the program, environment, command line), listeners, store, HTTP and telemetry as the broker that comes ready to run,
/// and whatever the program adds.
/// </summary>
/// <example>
/// <code>
/// var builder = MqttApplication.CreateBuilder(args);
/// builder.Services.AddSingleton&lt;Warehouse&gt;();
/// var app = builder.Build();
/// app.MapPublish("sensors/{room}/temp", (string room, double value, Warehouse warehouse) => warehouse.Store(room, value));
/// app.MapHttp(http => http.MapGet("/hello", () => "world"));
/// return await app.RunAsync();
/// </code>
/// </example>
public sealed class MqttApplication : IMqttRouteBuilder, IAsyncDisposable
{
    private readonly Composition _composition;
    private readonly ApplicationPlan _plan;
    private IHost? _host;
    private bool _isStarting;

    internal MqttApplication(Composition composition, ApplicationPlan plan)
    {
        (_composition, _plan) = (composition, plan);
        plan.Services.AddMqttRoutes(Routes);
    }

    /// <summary>Begins a broker; or, where `Cluster:Redis` is set, a gateway of a cluster whose silos are elsewhere.</summary>
    /// <param name="arguments">The command line: settings as <c>--Section:Key=value</c>.</param>
    public static MqttApplicationBuilder CreateBuilder(params string[] arguments) => new(new GatewayHost(), arguments);

    /// <summary>Begins a silo of a cluster.</summary>
    /// <param name="arguments">The command line: settings as <c>--Section:Key=value</c>.</param>
    public static MqttApplicationBuilder CreateSiloBuilder(params string[] arguments) => new(new SiloHost(), arguments);

    /// <summary>The code that is mapped on what clients do, until the start. What is mapped on publishes runs where there is a silo: in the broker that is one process, and in the silos of a cluster.</summary>
    public MqttRoutes Routes { get; } = new();

    /// <summary>The broker, to publish by and to ask. From the start on.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IMqttBroker Broker => Services.GetRequiredService<IMqttBroker>();

    /// <summary>The services of the broker and of the program. From the start on.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IServiceProvider Services => (_host ?? throw new InvalidOperationException("The application has not been started.")).Services;

    /// <summary>What listens where, with the ports that were taken; none in a silo. From the start on.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IReadOnlyList<BoundListener> Listeners => Services.GetService<MqttGateway>()?.Listeners ?? [];

    /// <summary>Where HTTP is answered (`Http:Bind`), with the port that was taken; null for nowhere. From the start on.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public Uri? HttpAddress => Services.GetRequiredService<HttpServer>().Address is { } address ? new Uri(address) : null;

    /// <summary>
    /// Adds endpoints to the HTTP server (`Http:Bind`), with the services of the application. Who may call them is theirs to decide: the address is one of this machine alone, unless the settings say otherwise.
    /// </summary>
    /// <param name="map">Adds them.</param>
    public MqttApplication MapHttp(Action<IEndpointRouteBuilder> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _plan.Services.AddSingleton<IHttpEndpoints>(new MappedEndpoints(map));
        return this;
    }

    /// <summary>Starts it. Completes when it listens.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OrleansConfigurationException">A setting is not allowed: one sentence says which, what was found, and what is allowed.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Build() is { } problem) throw new OrleansConfigurationException(problem);
        await _host!.StartAsync(cancellationToken);
        _isStarting = false;
    }

    /// <summary>Stops it: clients are told, and what was acknowledged is kept.</summary>
    /// <param name="cancellationToken">Stops waiting for clients.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Starts it, says so in one line, and runs until Ctrl-C, SIGTERM, or <paramref name="stop"/>. A start that fails ends with one sentence on standard error.
    /// </summary>
    /// <param name="bind">Where the listener `default` listens, in place of what the settings say: an IP address or localhost, with a port. Null: as they say.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>The exit code: 0 stopped, 1 could not start, 2 a setting is wrong, 3 a stop that did not come to its end, for instance because the store was away.</returns>
    public Task<int> RunAsync(string? bind = null, CancellationToken stop = default)
    {
        if (bind is not null) _plan.Settings["Listeners:default:Bind"] = bind;
        return RunAsync(Console.Out, Console.Error, stop);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    internal async Task<int> RunAsync(TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (Build() is { } problem)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.BadConfiguration;
        }
        using var host = _host!;
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception exception) when (_composition.Describe(exception) is { } sentence)
        {
            await error.WriteLineAsync(sentence);
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it was up.
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Stopped;
        }
        _isStarting = false;
        await output.WriteLineAsync(_composition.StartLine(host.Services));
        await output.FlushAsync(CancellationToken.None);
        try
        {
            await host.WaitForShutdownAsync(stop);
        }
#pragma warning disable CA1031 // It ends either way; what was acknowledged is kept as after a crash.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var causes = exception is AggregateException several ? several.InnerExceptions.Select(static cause => cause.Message).Distinct() : [exception.Message];
            await error.WriteLineAsync($"The stop did not come to its end: {string.Join(" ", causes).ReplaceLineEndings(" ")}");
            return ExitCode.StopFailed;
        }
        return ExitCode.Stopped;
    }

    // Returns what is wrong with the settings, as a sentence; null if nothing is.
    private string? Build()
    {
        if (_host is not null) throw new InvalidOperationException("The application has been started before.");
        var configuration = new ConfigurationManager();
        var reader = new SettingsReader(configuration);
        if (_plan.Load(configuration) is { } unreadable) reader.Report(unreadable);
        _composition.Read(reader, configuration, _plan);
        if (reader.Problem is null && _composition.Refuse(Routes) is { } misplaced) reader.Report(misplaced);
        if (reader.Problem is { } problem)
        {
            configuration.Dispose();
            return problem;
        }
        _isStarting = true;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
        HostLogging.AddTo(builder, () => _isStarting);
        _plan.ConfigureLogging(builder.Logging);
        builder.AddTelemetry(_composition.Name);
        _composition.AddTo(builder, _plan);
        builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ConfigurationReload>(
            services, AppContext.BaseDirectory, (Func<ConfigurationManager, string?>)_plan.Load, configuration,
            (SettingsReader again, IConfiguration read) => _composition.ReadAgain(services, again, read, _plan)));
        foreach (var service in _plan.Services) builder.Services.Add(service);
        _host = builder.Build();
        return null;
    }

    private sealed class MappedEndpoints(Action<IEndpointRouteBuilder> map) : IHttpEndpoints
    {
        public void Map(IEndpointRouteBuilder endpoints) => map(endpoints);
    }
}
