using Orleans.Streams;

namespace OrleansMqtt.Streams.Queues;

/// <summary>The names of queues, by which their grains are known.</summary>
internal static class QueueName
{
    /// <summary>The name of a queue.</summary>
    public static string Of(string provider, QueueId queue) => $"{provider}/{queue.GetNumericId()}";

    /// <summary>The stream provider of a queue.</summary>
    public static string ProviderOf(string name) => name[..name.LastIndexOf('/')];
}
