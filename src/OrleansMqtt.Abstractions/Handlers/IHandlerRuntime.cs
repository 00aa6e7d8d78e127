using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers;

/// <summary>What handlers are served by, in the silo where their grain is.</summary>
internal interface IHandlerRuntime
{
    /// <summary>Gives messages to a grain's methods; in the grain's turns.</summary>
    Task<HandlerResult> HandleAsync(object grain, HandlerBatch batch);

    /// <summary>Publishes; completes when all receivers have it, handlers excepted.</summary>
    /// <exception cref="IOException">A receiver could not take it.</exception>
    Task PublishAsync(Message message);

    /// <summary>The retained message of a topic; null if there is none.</summary>
    Task<Message?> ReadRetainedAsync(string topic);

    /// <summary>A payload as bytes.</summary>
    ReadOnlyMemory<byte> Encode<T>(T payload);
}
