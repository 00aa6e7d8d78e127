namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>
/// Runs the code of one grain activation or observer, one turn at a time, on whatever thread is free. It is the task scheduler of
/// that code, so continuations come back to it. Its own lock guards its state and is never held while other code runs.
/// </summary>
internal abstract partial class Mailbox : TaskScheduler, IThreadPoolWorkItem, ICallTarget, IWaiting
{
    // After so many turns the thread goes back to the pool's queue, so that one busy grain cannot starve the others.
    private const int TurnsPerDispatch = 64;

    [ThreadStatic]
    private static Mailbox? _current;

    private WorkList _turns;
    private bool _dispatched;

    /// <summary>The mailbox whose turn this thread is running, if any.</summary>
    public static Mailbox? Running => _current;

    protected abstract TurnEnvironment Environment { get; }

    public Microsoft.Extensions.Logging.ILogger Logger => Environment.Logger;

    /// <summary>The object that calls are made on. Valid while the mailbox is open or closing.</summary>
    public abstract object Target { get; }

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        var previous = _current;
        _current = this;
        // One task per dispatch, not per turn: it makes this mailbox TaskScheduler.Current for all of them.
        new Task(static mailbox => ((Mailbox)mailbox!).RunTurns(), this).RunSynchronously(this);
        _current = previous;
    }

    public void Execute(Task task) => TryExecuteTask(task);

    protected sealed override void QueueTask(Task task)
    {
        var item = new Continuation(task);
        bool dispatch;
        lock (this)
        {
            _turns.Add(item);
            dispatch = MarkDispatched();
        }

        if (dispatch)
        {
            Environment.Dispatcher.Dispatch(this);
        }
    }

    protected sealed override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(_current, this) && TryExecuteTask(task);

    protected sealed override IEnumerable<Task> GetScheduledTasks() => [];

    private void RunTurns()
    {
        for (var turn = 0; turn < TurnsPerDispatch; turn++)
        {
            WorkItem? item;
            var transition = MailboxState.New;
            lock (this)
            {
                item = Environment.IsKilled ? null : _turns.TakeFirst() ?? NextCall(out transition);
                if (item is null && transition == MailboxState.New)
                {
                    _dispatched = false;
                    return;
                }
            }

            if (item is null)
            {
                Enter(transition);
            }
            else
            {
                item.Run(this);
            }
        }

        Environment.Dispatcher.Dispatch(this);
    }

    /// <summary>Call under the lock. True: the caller must dispatch the mailbox after leaving the lock.</summary>
    private bool MarkDispatched()
    {
        if (_dispatched)
        {
            return false;
        }

        _dispatched = true;
        return true;
    }

    private void DispatchIf(bool dispatch)
    {
        if (dispatch)
        {
            Environment.Dispatcher.Dispatch(this);
        }
    }
}
