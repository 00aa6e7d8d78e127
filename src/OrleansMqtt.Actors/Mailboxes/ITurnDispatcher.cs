namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>Where mailboxes get threads from. A simulation replaces it by one that runs everything in an order drawn from a seed.</summary>
internal interface ITurnDispatcher
{
    void Dispatch(IThreadPoolWorkItem mailbox);
}

/// <summary>
/// The thread pool, unless this thread runs it itself (<see cref="TurnsHere"/>). The caller's own queue is preferred: a caller that goes on to await leaves its thread to the callee.
/// </summary>
internal sealed class ThreadPoolDispatcher : ITurnDispatcher
{
    public void Dispatch(IThreadPoolWorkItem mailbox)
    {
        if (!TurnsHere.TryTake(mailbox))
        {
            ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: true);
        }
    }
}
