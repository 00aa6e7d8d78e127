namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>A mailbox goes through these states in this order.</summary>
internal enum MailboxState : byte
{
    /// <summary>Nothing has called it yet.</summary>
    New,

    /// <summary>Its owner is being created; calls wait.</summary>
    Starting,

    /// <summary>Calls run.</summary>
    Open,

    /// <summary>No call starts any more; those that run are waited for.</summary>
    Closing,

    /// <summary>Its owner's last code runs; calls wait for the next owner.</summary>
    Stopping,

    /// <summary>It takes no calls.</summary>
    Closed,
}
