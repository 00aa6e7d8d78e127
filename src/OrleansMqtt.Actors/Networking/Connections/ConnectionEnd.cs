namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>Why a connection is no more.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Reason">The reason, for a log or an exception's message.</param>
internal sealed record ConnectionEnd(EndKind Kind, string Reason);

/// <summary>The kinds of reason why a connection ends.</summary>
internal enum EndKind
{
    /// <summary>It could not be opened: nobody answers there, or not in time.</summary>
    Unreachable,

    /// <summary>It could not be opened: the one that answers refuses, or is not the one meant.</summary>
    Refused,

    /// <summary>Both sides said goodbye, and everything was answered.</summary>
    Goodbye,

    /// <summary>It broke, or the peer closed it.</summary>
    Lost,

    /// <summary>Nothing came from the peer for too long.</summary>
    Silent,

    /// <summary>The peer leaves too many answers unread.</summary>
    Unread,

    /// <summary>The peer sent what is no frame, or an answer handler failed.</summary>
    Invalid,

    /// <summary>The peer opened a newer connection.</summary>
    Superseded,

    /// <summary>This side closed it.</summary>
    Closed,
}
