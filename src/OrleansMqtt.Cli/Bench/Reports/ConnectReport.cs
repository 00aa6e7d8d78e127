using System.Text.Json;
using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Connects;
using static System.FormattableString;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>The report of <c>bench connect</c>; as JSON it has these members, in camel case.</summary>
internal sealed record ConnectReport : IReport
{
    /// <summary>The subcommand.</summary>
    public required string Command { get; init; }

    /// <summary>Which broker.</summary>
    public required BrokerReport Broker { get; init; }

    /// <summary>How many should connect.</summary>
    public required int Clients { get; init; }

    /// <summary>How many at the same time at most.</summary>
    public required int Concurrency { get; init; }

    /// <summary>How long they should stay.</summary>
    public required double HoldSeconds { get; init; }

    /// <summary>Whether it was told to end before its time.</summary>
    public required bool EndedEarly { get; init; }

    /// <summary>How many did connect.</summary>
    public required int Connected { get; init; }

    /// <summary>How many tried in vain.</summary>
    public required int Failed { get; init; }

    /// <summary>How many did not stay.</summary>
    public required int LostWhileHeld { get; init; }

    /// <summary>From the first attempt to the last CONNACK.</summary>
    public required double ConnectSeconds { get; init; }

    /// <summary>Clients connected per second.</summary>
    public required double ConnectsPerSecond { get; init; }

    /// <summary>From opening the socket to CONNACK.</summary>
    public required LatencyReport ConnackMicroseconds { get; init; }

    /// <summary>Processor time of the load generator, for the whole run.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>What went wrong, in sentences.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <inheritdoc/>
    public bool IsFine => Problems.Count == 0 && Failed == 0 && LostWhileHeld == 0;

    /// <summary>Draws up the report.</summary>
    public static ConnectReport Of(BrokerSettings broker, ConnectSettings settings, ConnectResult result) => new()
    {
        Command = "connect",
        Broker = BrokerReport.Of(broker),
        Clients = settings.Clients,
        Concurrency = settings.Concurrency,
        HoldSeconds = settings.Hold.TotalSeconds,
        EndedEarly = result.EndedEarly,
        Connected = result.Connected,
        Failed = result.Failed,
        LostWhileHeld = result.LostWhileHeld,
        ConnectSeconds = Math.Round(result.Seconds, 6),
        ConnectsPerSecond = result.Seconds > 0 ? Math.Round(result.Connected / result.Seconds, 1) : 0,
        ConnackMicroseconds = LatencyReport.Of(result.Latency),
        GeneratorCpuSeconds = Math.Round(result.GeneratorCpuSeconds, 3),
        Problems = result.Problems,
    };

    /// <inheritdoc/>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ConnectReport);

    /// <inheritdoc/>
    public IEnumerable<string> ToLines()
    {
        yield return $"{Command}: {Broker.ToText()}";
        yield return Invariant($"  {Clients:N0} clients, {Concurrency:N0} at once");
        yield return Invariant($"  connected  {Connected:N0} in {ConnectSeconds:0.###} s{(EndedEarly ? ", ended early" : "")}");
        yield return Invariant($"  rate       {ConnectsPerSecond:N0}/s");
        yield return $"  CONNACK    {ConnackMicroseconds.ToText()}";
        if (HoldSeconds > 0) yield return Invariant($"  held       {HoldSeconds:0.###} s, {LostWhileHeld:N0} lost");
        yield return Invariant($"  generator  {GeneratorCpuSeconds:0.##} s of processor time");
        if (Failed > 0) yield return Invariant($"  problem    {Failed:N0} clients could not connect.");
        foreach (var problem in Problems) yield return $"  problem    {problem}";
    }
}
