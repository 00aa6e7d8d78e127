using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Handlers;

/// <summary>A filter has denied a message, or has failed with it for good. Nothing is gained by publishing it again.</summary>
internal sealed class PublishDeniedException(ReasonCode reason) : Exception($"A filter has denied the message: {reason}.")
{
    /// <summary>What the publisher is told.</summary>
    public ReasonCode Reason => reason;
}
