namespace OrleansMqtt.Actors.Mailboxes;

/// <content>From the first call to the last.</content>
internal abstract partial class Mailbox
{
    private MailboxState _state;

    protected MailboxState State => _state;

    public bool IsClosed => _state == MailboxState.Closed;

    /// <summary>Whether a call posted now would start at once.</summary>
    public bool IsFree
    {
        get
        {
            lock (this)
            {
                return _state <= MailboxState.Open && IsQuiet;
            }
        }
    }

    /// <summary>Runs, as a turn, before the first call. A failure ends the mailbox, and with it every call that waits.</summary>
    protected virtual ValueTask StartAsync() => default;

    /// <summary>Runs, as a turn, when the mailbox closes and the last call has ended. Must not fail.</summary>
    protected virtual ValueTask StopAsync() => default;

    /// <summary>The mailbox has closed and takes no calls any more; what to do with those that still waited.</summary>
    protected abstract void OnClosed(List<Call> waiting, Exception? failure);

    /// <summary>Stops starting calls; those that run are waited for. False: it closes or closed already.</summary>
    /// <param name="onlyIf">Asked under the lock.</param>
    protected bool TryClose(Func<bool>? onlyIf = null)
    {
        bool dispatch;
        lock (this)
        {
            if (_state >= MailboxState.Closing || (onlyIf is not null && !onlyIf()))
            {
                return false;
            }

            if (_state == MailboxState.Starting)
            {
                // The first turn is still running; it sees this when it ends.
                CloseAfterStart = true;
                return true;
            }

            _state = MailboxState.Closing;
            dispatch = MayProceed && MarkDispatched();
        }

        DispatchIf(dispatch);
        return true;
    }

    private protected bool CloseAfterStart { get; set; }

    /// <summary>Ends the mailbox now, with every call of it, as the death of its process would.</summary>
    protected void Abandon(Exception failure)
    {
        List<Call> calls;
        List<Call> unfinished = [];
        lock (this)
        {
            if (_state == MailboxState.Closed)
            {
                return;
            }

            _state = MailboxState.Closed;
            calls = _waiting.TakeAllCalls();
            for (var item = _unfinished.First; item is not null; item = _unfinished.After(item))
            {
                unfinished.Add((Call)item);
            }
        }

        foreach (var call in unfinished)
        {
            call.Fail(failure);
        }

        OnClosed(calls, failure);
    }

    private void Enter(MailboxState state) => _ = state == MailboxState.Starting ? StartAndOpenAsync() : StopAndCloseAsync();

    private async Task StartAndOpenAsync()
    {
        try
        {
            await StartAsync();
        }
        catch (Exception exception)
        {
            Close(exception);
            return;
        }

        bool dispatch;
        lock (this)
        {
            if (_state == MailboxState.Starting)
            {
                _state = CloseAfterStart ? MailboxState.Closing : MailboxState.Open;
            }

            dispatch = MayProceed && MarkDispatched();
        }

        DispatchIf(dispatch);
    }

    private async Task StopAndCloseAsync()
    {
        await StopAsync();
        Close(null);
    }

    private void Close(Exception? failure)
    {
        List<Call> calls;
        lock (this)
        {
            if (_state == MailboxState.Closed)
            {
                return;
            }

            _state = MailboxState.Closed;
            calls = _waiting.TakeAllCalls();
        }

        OnClosed(calls, failure);
    }
}
