using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Security.DryRun;

namespace OrleansMqtt.Hosting.Gateways.Administration;

/// <summary>
/// <c>POST /admin/authorization/dry-run</c> with the text of an access list: which of the clients that are connected to this gateway would lose what, if it were the file of
/// <c>Authorization:AclFile</c>. Nothing changes. For callers on this machine alone, one at a time.
/// </summary>
internal sealed partial class AccessListDryRun(IServiceProvider broker, ILogger<AccessListDryRun> logger) : IHttpEndpoints
{
    /// <summary>Longest list, bytes.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>Most clients that are named; of the others there is the number.</summary>
    public const int MostNamed = 1000;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private int _running;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods("/admin/authorization/dry-run", ["POST"], AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        if (!LocalCaller.Is(context))
        {
            await WriteAsync(context, StatusCodes.Status403Forbidden, new { problem = "this is for callers on the gateway's own machine" });
            return;
        }
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            await WriteAsync(context, StatusCodes.Status429TooManyRequests, new { problem = "another dry run is under way" });
            return;
        }
        try
        {
            if (await ReadAsync(context.Request) is { } text) await RunAsync(context, text);
            else await WriteAsync(context, StatusCodes.Status413PayloadTooLarge, new { problem = $"an access list has up to {MaximumBytes} bytes here" });
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task RunAsync(HttpContext context, string text)
    {
        var gateway = broker.GetRequiredService<MqttGateway>();
        var now = new Policy(gateway.Authorizers, gateway.AllowsByDefault);
        Policy then;
        try
        {
            then = now.WithAcl(text.Split('\n'), broker.GetRequiredService<GatewayOptions>().Authorization.Default == AuthorizationDefault.Allow);
        }
        catch (FormatException exception)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, new { problem = exception.Message });
            return;
        }
        var (comparison, effects, clients, affected) = (new PolicyComparison(now, then), new List<PolicyEffect>(), 0, 0);
        try
        {
            foreach (var client in gateway.Clients)
            {
                clients++;
                if (await comparison.CompareAsync(client, context.RequestAborted) is not { } effect) continue;
                if (++affected <= MostNamed) effects.Add(effect);
            }
        }
#pragma warning disable CA1031 // Whatever an authorizer fails with: what it would decide is not known.
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new { problem = "an authorizer failed; the log says how" });
            return;
        }
        await WriteAsync(context, StatusCodes.Status200OK, new { clients, affected, effects });
    }

    private static async Task<string?> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            if (body.Length + count > MaximumBytes) return null;
            body.Write(buffer, 0, count);
        }
        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
    }

    private static async Task WriteAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, Web), context.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Error, "A dry run of an access list was given up: an authorizer failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
