using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

internal sealed partial class PeerConnection
{
    // What is handed to the transport at once; more stays here, where requests that are not yet sent are known to be not sent.
    private const int FlushBytes = 256 * 1024;

    private bool _flushing;
    private TaskCompletionSource? _flushEnded;

    private bool StartFlush()
    {
        if (_flushing || _context is null || _end is not null || _outgoing.Length == 0)
        {
            return false;
        }

        _flushing = true;
        return true;
    }

    private void FlushIf(bool started)
    {
        if (started)
        {
            // Not awaited: it catches everything, and closing the connection waits for it.
            _ = FlushAsync();
        }
    }

    /// <summary>Hands what was written to the transport until there is no more. One runs at a time; what is written meanwhile gathers.</summary>
    private async Task FlushAsync()
    {
        var output = _context!.Transport.Output;
        try
        {
            while (NextToFlush() is { } blocks)
            {
                OutgoingBlock.CopyAndRelease(blocks, output);
                var result = await output.FlushAsync().ConfigureAwait(false);
                if (result.IsCompleted)
                {
                    End(EndKind.Lost, "the peer closed the connection");
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever a transport throws, the connection is of no more use.
            End(EndKind.Lost, exception.Message);
            TaskCompletionSource? ended;
            lock (_lock)
            {
                ended = EndFlush();
            }

            ended?.TrySetResult();
        }

        FinishIfQuiet();
    }

    private OutgoingBlock? NextToFlush()
    {
        TaskCompletionSource? ended;
        lock (_lock)
        {
            LetOut();
            if (_end is null && _outgoing.Take(FlushBytes) is { } blocks)
            {
                return blocks;
            }

            ended = EndFlush();
        }

        ended?.TrySetResult();
        return null;
    }

    // In the same hold of the lock in which nothing was left to flush; else what is written in between would stay behind.
    private TaskCompletionSource? EndFlush()
    {
        _flushing = false;
        return _flushEnded;
    }

    private Task FlushEndedAsync()
    {
        lock (_lock)
        {
            if (!_flushing)
            {
                return Task.CompletedTask;
            }

            _flushEnded = new TaskCompletionSource();
            return _flushEnded.Task;
        }
    }
}
