namespace OrleansMqtt.Handlers;

/// <summary>A handler has failed for good, and the dead letter has been published. Nothing is gained by publishing the message again.</summary>
internal sealed class HandlerFailedException(string message) : Exception(message);
