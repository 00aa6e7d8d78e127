using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Whether the store takes writes. One that does, but honours less than the configured durability, is a warning.</summary>
internal sealed class StoreHealthCheck(IStoreStatus store) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var description = $"{store.Description}, durability {store.Durability}{(store.Problem is { } problem ? $": {problem}" : "")}";
        return Task.FromResult(store switch
        {
            { IsHealthy: false } => HealthCheckResult.Unhealthy(description),
            { Problem: not null } => HealthCheckResult.Degraded(description),
            _ => HealthCheckResult.Healthy(description),
        });
    }
}
