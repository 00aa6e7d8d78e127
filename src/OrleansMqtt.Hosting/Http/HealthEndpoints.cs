using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansMqtt.Hosting.Http;

/// <summary>What `/healthz` and `/readyz` answer.</summary>
internal static class HealthEndpoints
{
    /// <summary>200 as long as the process can answer at all.</summary>
    public static Task LiveAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, new { status = "alive" });

    /// <summary>200 when all health checks of the broker pass, with warnings or without; 503 otherwise. The body says which, and why.</summary>
    public static async Task ReadyAsync(HttpContext context, IServiceProvider broker)
    {
        var report = await broker.GetRequiredService<HealthCheckService>().CheckHealthAsync(context.RequestAborted);
        var isReady = report.Status != HealthStatus.Unhealthy;
        await WriteAsync(context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, new
        {
            status = isReady ? "ready" : "not ready",
            checks = report.Entries.ToDictionary(static e => e.Key, static e => new { status = e.Value.Status.ToString(), reason = e.Value.Description ?? e.Value.Exception?.Message }),
        });
    }

    private static async Task WriteAsync<T>(HttpContext context, int status, T body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        // A state of the moment: no cache may answer for it.
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
