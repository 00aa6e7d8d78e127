namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>What a run found, for people and for programs.</summary>
internal interface IReport
{
    /// <summary>Whether nothing was lost, reordered or refused, and no connection failed.</summary>
    bool IsFine { get; }

    /// <summary>For people.</summary>
    IEnumerable<string> ToLines();

    /// <summary>For programs: one JSON object.</summary>
    string ToJson();
}
