namespace OrleansMqtt.Streams.Queues;

/// <summary>A message of a queue for one stream.</summary>
/// <param name="Position">Its place; rises, also when the queue's grain begins anew.</param>
/// <param name="Filter">The filter that it has come by.</param>
/// <param name="Message">The message.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.Streams.QueuedMessage")]
internal readonly record struct QueuedMessage([property: Id(0)] long Position, [property: Id(1)] string Filter, [property: Id(2)] MqttMessage Message);
