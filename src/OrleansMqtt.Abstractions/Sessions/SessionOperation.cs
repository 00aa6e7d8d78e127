using OrleansMqtt.Messages;

namespace OrleansMqtt.Sessions;

/// <summary>What a client did that its session must remember.</summary>
public enum SessionOperationKind : byte
{
    /// <summary>PUBACK or PUBCOMP, or PUBREC with an error: the log entry is done.</summary>
    Completed,

    /// <summary>PUBREC: the client has the QoS 2 message; PUBREL is what remains.</summary>
    Received,

    /// <summary>A QoS 2 PUBLISH has come and is to be kept until PUBREL.</summary>
    Store,

    /// <summary>A QoS 2 message has been published after PUBREL and is done.</summary>
    Publish,
}

/// <summary>One operation.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Log position, for <see cref="SessionOperationKind.Completed"/> and <see cref="SessionOperationKind.Received"/>.</param>
/// <param name="PacketId">The client's packet identifier, for the other two.</param>
/// <param name="Message">The message to keep, for <see cref="SessionOperationKind.Store"/>.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SessionOperation")]
public readonly record struct SessionOperation(
    [property: Id(0)] SessionOperationKind Kind,
    [property: Id(1)] long Sequence = 0,
    [property: Id(2)] ushort PacketId = 0,
    [property: Id(3)] Message? Message = null);
