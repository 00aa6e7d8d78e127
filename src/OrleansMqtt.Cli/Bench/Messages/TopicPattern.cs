namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>Who publishes where, and who subscribes to what.</summary>
internal enum TopicPattern
{
    /// <summary>Each publisher has a topic of its own; every subscriber gets all of them through one wildcard.</summary>
    Own,

    /// <summary>All publish to one topic, which every subscriber gets.</summary>
    One,

    /// <summary>Publisher n publishes to subscriber n alone.</summary>
    Pairs,
}
