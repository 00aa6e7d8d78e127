namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>Something that a mailbox runs as one turn. It is its own list node, so that queueing allocates nothing.</summary>
internal abstract class WorkItem
{
    internal WorkItem? Next { get; set; }

    internal WorkItem? Previous { get; set; }

    /// <summary>Runs one turn. Must not throw.</summary>
    public abstract void Run(Mailbox mailbox);
}
