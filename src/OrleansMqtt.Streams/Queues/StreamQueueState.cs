namespace OrleansMqtt.Streams.Queues;

/// <summary>What is stored of a queue besides its session.</summary>
[GenerateSerializer, Alias("OrleansMqtt.Streams.StreamQueueState")]
public sealed class StreamQueueState
{
    /// <summary>Client identifier of the session. A part of it is random: no client can take the session over that does not know it.</summary>
    [Id(0)] public string ClientId { get; set; } = "";

    /// <summary>How often the grain has begun anew: positions begin with it.</summary>
    [Id(1)] public long Activations { get; set; }

    /// <summary>The filters, and the subscription identifier of each.</summary>
    [Id(2)] public Dictionary<string, uint> Filters { get; set; } = [];

    /// <summary>The filters to which the session is known to be subscribed.</summary>
    [Id(4)] public HashSet<string> Granted { get; set; } = [];

    /// <summary>The subscription identifier that was given last.</summary>
    [Id(3)] public uint LastIdentifier { get; set; }
}
