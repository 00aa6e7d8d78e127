namespace OrleansMqtt.Topics;

/// <summary>Bounds of what is kept as retained messages.</summary>
public sealed record RetainedLimits
{
    /// <summary>Most retained messages that the partitions of one silo hold together; 0: any number. One for a further topic is not retained, and its publisher gets 0x97 Quota exceeded; one that replaces another is.</summary>
    public long MaxRetainedMessages { get; init; }

    /// <summary>Most bytes of topics, properties and payloads of these; 0: any number. A message that would go over is not retained, and its publisher gets 0x97 Quota exceeded.</summary>
    public long MaxRetainedBytes { get; init; }

    /// <summary>Most bytes of topic, properties and payload of one retained message; 0: any number. A larger one is refused with 0x97 Quota exceeded and goes to nobody.</summary>
    public int MaxRetainedMessageBytes { get; init; }
}
