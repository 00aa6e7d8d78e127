using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>
/// Looks once a second how much memory the process uses. On the first level new clients are refused; on the second the clients are disconnected for which the most waits, until it is enough.
/// A level ends a good way below where it begins, so that it does not come and go.
/// </summary>
internal sealed partial class OverloadGuard(Live<GatewayLimits> limits, ConnectionRegistry connections, BrokerMetrics metrics, IMemoryProbe probe, TimeProvider time, ILogger logger) : IDisposable
{
    private const double First = 0.85, FirstEnds = 0.80, Second = 0.95, SecondEnds = 0.90;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private ITimer? _timer;
    private long _shedAt = -1;

    /// <summary>Begins to look.</summary>
    public void Start() => _timer = time.CreateTimer(static guard => ((OverloadGuard)guard!).Look(), this, Interval, Interval);

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        var sample = probe.Sample();
        var most = limits.Current.MaxMemoryBytes is > 0 and var told ? told : sample.Available / 5 * 4;
        if (most <= 0) return;
        var (before, level) = (metrics.Overload, LevelOf((double)sample.Used / most, metrics.Overload));
        if (level != before)
        {
            metrics.Overload = level;
            if (level > before) LogOverload(logger, level, sample.Used, most);
            else LogRelief(logger, level, sample.Used, most);
        }
        // What those had who were disconnected is counted until it has been collected.
        if (level < 2 || sample.Collection == _shedAt) return;
        _shedAt = sample.Collection;
        Shed(sample.Used - (long)(most * SecondEnds));
    }

    private static long LevelOf(double share, long level) => share switch
    {
        > Second => 2,
        > SecondEnds when level == 2 => 2,
        > First => 1,
        > FirstEnds when level > 0 => 1,
        _ => 0,
    };

    private void Shed(long bytes)
    {
        foreach (var (connection, waiting) in connections.Connected.Select(static connection => (Connection: connection, Waiting: connection.WaitingBytes)).Where(static slow => slow.Waiting > 0).OrderByDescending(static slow => slow.Waiting))
        {
            metrics.CountRefused(RefusalKind.Overload);
            connection.Close(ReasonCode.QuotaExceeded, "memory runs short, and it takes its messages too slowly");
            bytes -= waiting;
            if (bytes <= 0) return;
        }
    }

    [LoggerMessage(500, LogLevel.Warning, "Memory runs short, level {Level}: {Used} of {Most} bytes are in use. New clients are refused; on level 2 those are disconnected that take their messages too slowly.")]
    private static partial void LogOverload(ILogger logger, long level, long used, long most);

    [LoggerMessage(501, LogLevel.Warning, "Memory is less short than before, level {Level}: {Used} of {Most} bytes are in use.")]
    private static partial void LogRelief(ILogger logger, long level, long used, long most);
}
