namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>What a message's sequence number says about its arrival.</summary>
internal enum SequenceOutcome
{
    /// <summary>Behind all that came before, whether or not some are missing between.</summary>
    InOrder,

    /// <summary>Its successors came first.</summary>
    Reordered,

    /// <summary>It came before.</summary>
    Duplicate,
}
