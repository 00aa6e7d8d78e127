using System.Globalization;

namespace OrleansMqtt.Cluster.Tests.Recovery;

/// <summary>What was measured, in the rows of a table.</summary>
internal sealed class RecoveryTable
{
    private readonly List<(string What, double Goal, List<double> Seconds)> _rows = [];

    /// <summary>Adds a measured time.</summary>
    /// <param name="what">Which time.</param>
    /// <param name="goal">What it should not exceed, in seconds.</param>
    /// <param name="measured">What it was.</param>
    public void Add(string what, double goal, TimeSpan measured)
    {
        var row = _rows.Find(known => known.What == what);
        if (row.Seconds is null) _rows.Add(row = (what, goal, []));
        row.Seconds.Add(measured.TotalSeconds);
    }

    public override string ToString() => string.Join('\n', [
        "| | goal, s | median, s | worst, s | runs |",
        "|---|---:|---:|---:|---:|",
        .. _rows.Select(static row => string.Create(CultureInfo.InvariantCulture, $"| {row.What} | {row.Goal:0.0} | {Median(row.Seconds):0.00} | {row.Seconds.Max():0.00} | {row.Seconds.Count} |")),
    ]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
