using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Whether the process has its place in its cluster.</summary>
internal sealed class ClusterHealthCheck(IClusterPresence presence) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(presence.IsPresent ? HealthCheckResult.Healthy(presence.Description) : HealthCheckResult.Unhealthy(presence.Description));
}
