namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>A request to a grain or observer: a method call, or a timer's tick.</summary>
internal abstract class Call : WorkItem
{
    /// <summary>How often a deactivated grain passed this call on to its next activation.</summary>
    public byte Forwards { get; set; }

    /// <summary>The tick of the mailbox's <see cref="CallClock"/> at which it was posted.</summary>
    public int PostedAt { get; set; }

    /// <summary>Set by the mailbox: whether it may start while other requests are unfinished.</summary>
    public bool Interleaves { get; set; }

    public abstract bool AlwaysInterleaves { get; }

    public abstract bool IsReadOnly { get; }

    /// <summary>Whether somebody waits for the outcome, so that the call can time out.</summary>
    public abstract bool AwaitsReply { get; }

    /// <summary>How long it may wait for its answer, where that is longer than for calls in general.</summary>
    public virtual TimeSpan? ResponseTimeout => null;

    /// <summary>Whether it counts as use of the grain.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Whether the next activation runs it if this one ends before it started.</summary>
    public virtual bool Forwardable => true;

    /// <summary>For messages and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Ends the call with a failure unless it ended already.</summary>
    public abstract void Fail(Exception exception);
}
