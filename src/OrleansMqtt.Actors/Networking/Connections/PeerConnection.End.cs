using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

internal sealed partial class PeerConnection
{
    private bool _saidGoodbye;

    // Implies that this side has said it too.
    private bool _gotGoodbye;

    private bool HasEnded => Volatile.Read(ref _end) is not null;

    // Under the lock.
    private bool IsQuiet => _saidGoodbye && _gotGoodbye && _owed == 0 && _unanswered.Count == 0 && _outgoing.Length == 0 && !_flushing;

    /// <summary>Ends the connection at once. What is unsettled is settled from the reading thread; from this one, if it was never open.</summary>
    public void End(EndKind kind, string reason)
    {
        bool wasOpen;
        lock (_lock)
        {
            if (_end is not null)
            {
                return;
            }

            _end = new ConnectionEnd(kind, reason);
            wasOpen = _context is not null;
        }

        if (wasOpen)
        {
            Break();
        }
        else
        {
            Settle();
            _opened.TrySetResult(false);
            _completion.TrySetResult();
        }
    }

    /// <summary>Makes a connection that has ended close without peace: what it still has to send is lost.</summary>
    public void Abort()
    {
        if (HasEnded && _context is not null)
        {
            Break();
        }
    }

    /// <summary>Lets no more calls out, asks the peer for the same, and ends the connection when all calls of both sides are answered. Calls
    /// that wait in the queue come back.</summary>
    public void SayGoodbye()
    {
        bool open;
        lock (_lock)
        {
            open = _context is not null;
        }

        if (!open)
        {
            End(EndKind.Closed, "this side leaves");
            return;
        }

        Leave(gotGoodbye: false, "this side leaves");
    }

    private void Leave(bool gotGoodbye, string reason)
    {
        List<UnsettledFrame> returned;
        bool flush;
        lock (_lock)
        {
            if (_end is not null)
            {
                return;
            }

            // Both under one hold of the lock: who has said it and has nothing left to say may close.
            if (!_saidGoodbye)
            {
                _saidGoodbye = true;
                _outgoing.WriteFrame(FrameKind.Goodbye, 0, new BytesBody(default), 0);
            }

            _gotGoodbye |= gotGoodbye;
            returned = TakeHeld();
            flush = StartFlush();
        }

        FlushIf(flush);
        Return(returned, reason);
        FinishIfQuiet();
    }

    private void FinishIfQuiet()
    {
        lock (_lock)
        {
            if (_end is not null || !IsQuiet)
            {
                return;
            }

            _end = new ConnectionEnd(EndKind.Goodbye, "both sides said goodbye");
        }

        // The reading thread closes it, in peace: what was flushed last is still on its way.
        _context!.Transport.Input.CancelPendingRead();
    }

    /// <summary>Makes transport, reading and flushing stop.</summary>
    private void Break()
    {
        _context!.Abort(new ConnectionAbortedException(_end!.Reason));
        _context.Transport.Input.CancelPendingRead();
    }

    private async Task CloseAsync(ConnectionContext context)
    {
        try
        {
            await FlushEndedAsync().ConfigureAwait(false);
            await context.Transport.Output.CompleteAsync().ConfigureAwait(false);
            await context.Transport.Input.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotClosed(_logger, exception, this);
        }

        try
        {
            await context.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotClosed(_logger, exception, this);
        }
    }

    private void Settle()
    {
        ConnectionEnd end;
        List<UnsettledFrame> unsettled;
        OutgoingBlock? unsent;
        lock (_lock)
        {
            end = _end!;
            var taken = _outgoing.Taken;
            var held = TakeHeld();
            unsettled =
            [
                .. _unanswered.OrderBy(static one => one.Value.End)
                    .Select(one => new UnsettledFrame(FrameKind.Request, one.Key, one.Value.Request, one.Value.End > taken)),
                .. held,
            ];
            _unanswered.Clear();
            unsent = _outgoing.Take(int.MaxValue);
        }

        OutgoingBlock.Release(unsent);
        if (Peer is not null)
        {
            LogEnded(_logger, this, end.Kind, end.Reason, unsettled.Count);
        }

        Return(unsettled, end.Reason);
        try
        {
            _receiver.OnEnded(this, end);
        }
        catch (Exception exception)
        {
            LogSettlingFailed(_logger, exception, this);
        }
    }

    private List<UnsettledFrame> TakeHeld()
    {
        var frames = new List<UnsettledFrame>(_held.Count);
        while (_held.TryDequeue(out var held))
        {
            if (held.Body is not null)
            {
                frames.Add(new UnsettledFrame(held.Kind, held.Correlation, held.Request, NeverSent: true));
                if (held.Kind == FrameKind.Request)
                {
                    _unanswered.Remove(held.Correlation);
                }
            }
        }

        _heldBytes = 0;
        return frames;
    }

    private void Return(List<UnsettledFrame> frames, string reason)
    {
        foreach (var frame in frames)
        {
            try
            {
                _receiver.OnUnsettled(this, frame, reason);
            }
            catch (Exception exception)
            {
                // The others must have theirs all the same.
                LogSettlingFailed(_logger, exception, this);
            }
        }
    }
}
