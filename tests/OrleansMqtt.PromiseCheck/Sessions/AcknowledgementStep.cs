using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Sessions;

/// <summary>What an acknowledgement means for the message that it names.</summary>
internal enum AcknowledgementEffect
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>The broker took the message: PUBACK, or the first PUBREC.</summary>
    Acknowledged,

    /// <summary>The broker refused the message.</summary>
    Rejected,

    /// <summary>PUBCOMP: the handshake is over.</summary>
    Completed,

    /// <summary>It is not the acknowledgement that this message waits for.</summary>
    Violation,
}

/// <summary>What <see cref="PublisherSession.Acknowledge"/> did.</summary>
/// <param name="Effect">What it means.</param>
/// <param name="Message">The message that is named, if there is one.</param>
/// <param name="Reply">What to send, or null.</param>
internal readonly record struct AcknowledgementStep(AcknowledgementEffect Effect, OutboundMessage? Message, AcknowledgementPacket? Reply);
