using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Hosting.Http;

/// <summary>
/// The process' HTTP server: <c>/healthz</c> answers while the process lives, <c>/readyz</c> says whether it can serve, and if not, why not; and <see cref="IHttpEndpoints"/>. An application of its own,
/// so that it answers before the broker is up and until it is down.
/// </summary>
internal sealed partial class HttpServer(HttpSettings settings, IServiceProvider broker, ILogger<HttpServer> logger) : IHostedService, IAsyncDisposable
{
    private WebApplication? _application;

    /// <summary>Where it listens, with the port that was taken; null where it does not.</summary>
    public string? Address { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="HttpBindException">The address that the configuration names is not to be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Bind is not { } bind) return;
        var application = Build(bind);
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await application.DisposeAsync();
            if (!settings.IsDefault) throw new HttpBindException(bind, exception.InnerException);
            LogNoHttp(logger, bind);
            return;
        }
        _application = application;
        Address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
    }

    private WebApplication Build(IPEndPoint bind)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(bind);
        });
        builder.Services.AddRoutingCore();
        // What fails in an endpoint is in the broker's log.
        builder.Services.AddSingleton(broker.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfTheBroker>();
        var application = builder.Build();
        application.Use(async (context, next) =>
        {
            await using var scope = broker.CreateAsyncScope();
            context.RequestServices = scope.ServiceProvider;
            await next(context);
        });
        application.UseRouting();
        var routes = new BrokerEndpoints(application, broker);
        routes.MapMethods("/healthz", ["GET", "HEAD"], HealthEndpoints.LiveAsync);
        routes.MapMethods("/readyz", ["GET", "HEAD"], context => HealthEndpoints.ReadyAsync(context, broker));
        foreach (var endpoints in broker.GetServices<IHttpEndpoints>()) endpoints.Map(routes);
        // Made now: one that cannot be made would fail every request, health included.
        foreach (var source in routes.DataSources) _ = source.Endpoints;
        return application;
    }

    // Signals are the broker's affair: this stops when it does.
    private sealed class LifetimeOfTheBroker : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Address}, the default of Http:Bind, is taken by another program: this process has no HTTP.")]
    private static partial void LogNoHttp(ILogger logger, IPEndPoint address);
}

/// <summary>The HTTP server could not have its address.</summary>
internal sealed class HttpBindException(IPEndPoint bind, Exception cause)
    : Exception($"Cannot listen on {bind} (Http:Bind): {cause.Message.TrimEnd('.')}.", cause);
