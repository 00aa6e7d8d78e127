namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>What an acknowledgement means for its message.</summary>
internal enum InflightStep
{
    /// <summary>The broker has it.</summary>
    Finished,

    /// <summary>The broker does not take it.</summary>
    Refused,

    /// <summary>PUBREL is next.</summary>
    Release,

    /// <summary>No message waits for this.</summary>
    Violation,
}
