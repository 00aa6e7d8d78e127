namespace OrleansMqtt.Cli.Bench;

/// <summary>How far a run is, for whoever watches. Written by the run, read by the display.</summary>
internal sealed class RunStatus
{
    private volatile Snapshot _now = new("starting", static () => 0, static () => 0);

    /// <summary>What the run does now.</summary>
    public string Phase => _now.Phase;

    /// <summary>How far that is, 0 to 1.</summary>
    public double Fraction => _now.Fraction() is var fraction && double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1);

    /// <summary>Messages received, or clients connected, so far.</summary>
    public long Count => _now.Count();

    /// <summary>Enters a phase.</summary>
    /// <param name="phase">What the run does.</param>
    /// <param name="fraction">How far it is, 0 to 1; asked from another thread.</param>
    /// <param name="count">Messages or clients so far; asked from another thread.</param>
    public void Enter(string phase, Func<double> fraction, Func<long> count) => _now = new Snapshot(phase, fraction, count);

    private sealed record Snapshot(string Phase, Func<double> Fraction, Func<long> Count);
}
