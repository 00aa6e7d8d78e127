using System.IO.Pipelines;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

internal sealed partial class PeerConnection
{
    private int _silentTicks;

    /// <summary>To be called once per ping interval: sends a ping, or ends the connection, if nothing comes from the peer.</summary>
    /// <remarks>Ticks are counted instead of reading a clock: a process that was paused for a while does not take its peers for dead.</remarks>
    public void Tick()
    {
        var silentTicks = Interlocked.Increment(ref _silentTicks);
        if (_context is null || silentTicks < 2)
        {
            return;
        }

        if ((silentTicks - 1) * _options.PingInterval >= _options.SilenceTimeout)
        {
            End(EndKind.Silent, $"nothing came from the peer for {_options.SilenceTimeout}");


            // If it had ended before, its closing does not get on.
            Abort();
        }
        else
        {
            SendControl(FrameKind.Ping);
        }
    }

    private async Task ReceiveAsync(PipeReader input)
    {
        try
        {
            while (!HasEnded)
            {
                // Dry first, wait then.
                if (!input.TryRead(out var result))
                {
                    result = await input.ReadAsync().ConfigureAwait(false);
                }

                Volatile.Write(ref _silentTicks, 0);
                var buffer = result.Buffer;
                string? error = null;
                while (!HasEnded && FrameFormat.TryRead(ref buffer, _options.MaxBodyBytes, out var frame, out error))
                {
                    Dispatch(frame);
                }

                if (error is not null)
                {
                    End(EndKind.Invalid, "the peer sent " + error);
                }
                else if (result.IsCompleted)
                {
                    EndByPeer(withinFrame: !buffer.IsEmpty);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception exception)
        {
            // Whatever a transport throws, the connection is of no more use.
            End(EndKind.Lost, exception.Message);
        }
    }

    private void EndByPeer(bool withinFrame)
    {
        if (withinFrame)
        {
            End(EndKind.Lost, "the peer closed the connection within a frame");
        }
        else
        {
            End(_gotGoodbye ? EndKind.Goodbye : EndKind.Lost, "the peer closed the connection");
        }
    }

    private void Dispatch(in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Ping:
                SendControl(FrameKind.Pong);
                break;
            case FrameKind.Pong:
                break;
            case FrameKind.Goodbye:
                Leave(gotGoodbye: true, "the peer leaves");
                break;
            case FrameKind.Request or FrameKind.OneWay:
                if (NoteCall(frame.Kind))
                {
                    Deliver(frame);
                }

                break;
            default:
                if (TryTakeUnanswered(frame.Correlation, out var request))
                {
                    Deliver(frame with { Request = request });
                }

                break;
        }
    }

    private void Deliver(in Frame frame)
    {
        try
        {
            _receiver.OnFrame(this, frame);
        }
        catch (Exception exception)
        {
            LogReceiverFailed(_logger, exception, this, frame.Kind);
            End(EndKind.Invalid, $"a {frame.Kind} frame could not be handled: {exception.Message}");
        }
    }

    private bool NoteCall(FrameKind kind)
    {
        lock (_lock)
        {
            if (!_gotGoodbye)
            {
                _owed += kind == FrameKind.Request ? 1 : 0;
                return true;
            }
        }

        End(EndKind.Invalid, "the peer sent a call after its goodbye");
        return false;
    }

    private bool TryTakeUnanswered(long correlation, out object? request)
    {
        bool flush;
        lock (_lock)
        {
            // What waits in the queue cannot have been answered: a peer that answers it made the number up.
            if (!_unanswered.TryGetValue(correlation, out var unanswered) || unanswered.Held is not null)
            {
                request = null;
                return false;
            }

            _unanswered.Remove(correlation);
            _unansweredBytes -= unanswered.Length;
            request = unanswered.Request;
            LetOut();
            flush = StartFlush();
        }

        FlushIf(flush);
        FinishIfQuiet();
        return true;
    }

    private void SendControl(FrameKind kind)
    {
        bool flush;
        bool unread;
        lock (_lock)
        {
            if (_end is not null)
            {
                return;
            }

            unread = EndIfUnread();
            if (!unread)
            {
                _outgoing.WriteFrame(kind, 0, new BytesBody(default), 0);
            }

            flush = StartFlush();
        }

        FlushIf(flush);
        if (unread)
        {
            Break();
        }
    }
}
