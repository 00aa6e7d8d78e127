namespace OrleansMqtt.Grains.Handlers;

/// <summary>What has a queue of its own.</summary>
/// <param name="Grain">The grain; of mapped code its name and the topic.</param>
/// <param name="Publisher">Of mapped code, whose messages; null for the broker's own, and for grains.</param>
internal readonly record struct HandlerQueueKey(GrainId Grain, string? Publisher);
