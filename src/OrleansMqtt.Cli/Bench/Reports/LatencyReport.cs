using System.Globalization;
using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>Percentiles of a latency, in microseconds; all 0 if nothing was measured.</summary>
internal sealed record LatencyReport(long Count, double P50, double P90, double P99, double P999, double Max)
{
    private const double NanosecondsPerMicrosecond = 1_000;

    /// <summary>Reads them from a histogram.</summary>
    public static LatencyReport Of(LatencyHistogram histogram)
    {
        return new(histogram.Count, At(0.5), At(0.9), At(0.99), At(0.999), At(1));
        double At(double share) => Math.Round(histogram.Percentile(share) / NanosecondsPerMicrosecond, 1);
    }

    /// <summary>For people.</summary>
    public string ToText() => Count == 0
        ? "nothing measured"
        : $"p50 {Text(P50)}, p90 {Text(P90)}, p99 {Text(P99)}, p99.9 {Text(P999)}, max {Text(Max)}";

    private static string Text(double microseconds) => microseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.#} us"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000:0.##} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.##} s"),
    };
}
