namespace OrleansMqtt.Grains.Handlers;

/// <summary>What became of the messages that this silo has routed to a handler. Thread-safe.</summary>
internal sealed class HandlerCounts
{
    private long _handled, _failed, _timedOut, _deadLettered, _dropped, _denied;

    /// <summary>Messages that the handler has returned from.</summary>
    public long Handled => Volatile.Read(ref _handled);

    /// <summary>Times that it has thrown, or could not be reached.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Times that it took too long.</summary>
    public long TimedOut => Volatile.Read(ref _timedOut);

    /// <summary>Messages that could not be read, or failed for good.</summary>
    public long DeadLettered => Volatile.Read(ref _deadLettered);

    /// <summary>Messages that were given up without a dead letter: they had expired, or more waited than there was room for.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Messages that it has denied, as a filter.</summary>
    public long Denied => Volatile.Read(ref _denied);

    public void CountHandled() => Interlocked.Increment(ref _handled);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountTimedOut() => Interlocked.Increment(ref _timedOut);

    public void CountDeadLettered() => Interlocked.Increment(ref _deadLettered);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void CountDenied() => Interlocked.Increment(ref _denied);
}
