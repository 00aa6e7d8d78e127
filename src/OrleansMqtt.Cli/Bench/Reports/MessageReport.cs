using System.Text.Json;
using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Protocol.Packets;
using static System.FormattableString;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>The report of <c>bench throughput</c> and <c>bench latency</c>; as JSON it has these members, in camel case.</summary>
internal sealed record MessageReport : IReport
{
    /// <summary>The subcommand.</summary>
    public required string Command { get; init; }

    /// <summary>Which broker.</summary>
    public required BrokerReport Broker { get; init; }

    /// <summary>What was done.</summary>
    public required MessageSettingsReport Settings { get; init; }

    /// <summary>Whether it was told to end before its time.</summary>
    public required bool EndedEarly { get; init; }

    /// <summary>Length of the measured span, which the rates and the latency are about.</summary>
    public required double MeasuredSeconds { get; init; }

    /// <summary>Messages published per second of the measured span.</summary>
    public required double SentPerSecond { get; init; }

    /// <summary>Messages received per second of the measured span, by all subscribers together.</summary>
    public required double ReceivedPerSecond { get; init; }

    /// <summary>From publishing to receiving.</summary>
    public required LatencyReport LatencyMicroseconds { get; init; }

    /// <summary>The accounts of the whole run, warm-up included.</summary>
    public required MessageCounts Messages { get; init; }

    /// <summary>Processor time of the load generator, for the whole run.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>What went wrong, in sentences.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Duplicates are what QoS 1 permits, and nothing else does.</summary>
    public bool IsFine => Problems.Count == 0
        && Messages is { Lost: 0, Reordered: 0, Refused: 0, Stray: 0 }
        && (Messages.Duplicated == 0 || Settings.Qos == (int)QualityOfService.AtLeastOnce);

    /// <summary>Draws up the report.</summary>
    public static MessageReport Of(string command, BrokerSettings broker, MessageSettings settings, MessageResult result) => new()
    {
        Command = command,
        Broker = BrokerReport.Of(broker),
        Settings = MessageSettingsReport.Of(settings),
        EndedEarly = result.EndedEarly,
        MeasuredSeconds = Math.Round(result.Seconds, 6),
        SentPerSecond = PerSecond(result.SentInSpan, result.Seconds),
        ReceivedPerSecond = PerSecond(result.ReceivedInSpan, result.Seconds),
        LatencyMicroseconds = LatencyReport.Of(result.Latency),
        Messages = result.Counts,
        GeneratorCpuSeconds = Math.Round(result.GeneratorCpuSeconds, 3),
        Problems = result.Problems,
    };

    /// <inheritdoc/>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.MessageReport);

    /// <inheritdoc/>
    public IEnumerable<string> ToLines()
    {
        yield return $"{Command}: {Broker.ToText()}";
        yield return $"  {Settings.ToText()}";
        yield return Invariant($"  measured   {MeasuredSeconds:0.###} s{(EndedEarly ? ", ended early" : "")}");
        yield return Invariant($"  published  {SentPerSecond:N0}/s");
        yield return Invariant($"  received   {ReceivedPerSecond:N0}/s");
        yield return $"  latency    {LatencyMicroseconds.ToText()}";
        yield return Invariant($"  messages   {Messages.Sent:N0} sent, {Acknowledged()}{Messages.Received:N0} of {Messages.Expected:N0} received");
        yield return Invariant($"             {Messages.Lost:N0} lost, {Messages.Duplicated:N0} duplicated, {Messages.Reordered:N0} reordered");
        yield return Invariant($"  generator  {GeneratorCpuSeconds:0.##} s of processor time");
        if (Messages.Refused > 0) yield return Invariant($"  problem    {Messages.Refused:N0} messages were refused.");
        if (Messages.Stray > 0) yield return Invariant($"  problem    {Messages.Stray:N0} messages came that are not of this run.");
        foreach (var problem in Problems) yield return $"  problem    {problem}";
    }

    private string Acknowledged() => Settings.Qos == 0 ? "" : Invariant($"{Messages.Acknowledged:N0} acknowledged, ");

    private static double PerSecond(long count, double seconds) => seconds > 0 ? Math.Round(count / seconds, 1) : 0;
}
