using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>What all lanes of a gateway share.</summary>
internal sealed class LaneServices
{
    /// <summary>Name of the gateway.</summary>
    public required string Gateway { get; init; }

    public required LaneOptions Options { get; init; }

    public required IGrainFactory Grains { get; init; }

    public required BrokerMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>A number that no other lane has; another one each time the process starts.</summary>
    public static long NewLaneId() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
}
