namespace OrleansMqtt.Streams.Subscriptions;

/// <summary>What Orleans keeps of a stream, as it writes it: not every storage could write its classes.</summary>
[GenerateSerializer, Alias("OrleansMqtt.Streams.StoredSubscriptions")]
public sealed class StoredSubscriptions
{
    /// <summary>Encoded by Orleans' serializer.</summary>
    [Id(0)] public byte[] Body { get; set; } = [];
}
