using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>
/// What goes out. A flush sends on the caller's thread; what the kernel does not take stays here, the flush waits, and the loop sends on
/// when there is room again. While nothing waits there is no buffer. One writer at a time.
/// </summary>
internal sealed class EpollWriter(EpollConnection connection) : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int MinimumSize = 1024;
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private byte[]? _buffer;
    private int _start, _end;
    private bool _waiting;
    private bool _canceled;
    private bool _dead;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_buffer is null) _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, MinimumSize));
        else if (_buffer.Length - _end < sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_end - _start + sizeHint, 2 * _buffer.Length));
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = (larger, 0, _end - _start);
        }
        return _buffer.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => _end += bytes;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _end - _start;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_canceled || Send())
            {
                var canceled = _canceled;
                _canceled = false;
                return new(new FlushResult(canceled, _dead));
            }
            _waiting = true;
            _flush.Reset();
            return new(this, _flush.Version);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _canceled = true;
                return;
            }
            _waiting = false;
        }
        // On the pool: the caller may be anybody, with anything on its stack.
        _flush.RunContinuationsAsynchronously = true;
        _flush.SetResult(new FlushResult(isCanceled: true, isCompleted: false));
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            if (exception is null) Send();
            _dead = true;
            Release();
        }
    }

    /// <summary>There is room in the socket again, or it is dead.</summary>
    public void OnWritable()
    {
        lock (_gate)
        {
            if (!_waiting || !Send()) return;
            _waiting = false;
        }
        _flush.RunContinuationsAsynchronously = !connection.Loop.IsCurrent;
        _flush.SetResult(new FlushResult(isCanceled: false, _dead));
    }

    // Under the gate. Returns whether nothing is left to send.
    private bool Send()
    {
        while (_start < _end && !_dead)
        {
            var sent = connection.Send(_buffer.AsSpan(_start, _end - _start), out var error);
            if (sent >= 0) _start += sent;
            else if (error == LibC.ErrAgain) return false;
            // Whatever else it is, nothing will ever go out again; the reading side finds out by itself.
            else if (error != LibC.ErrInterrupted) _dead = true;
        }
        Release();
        return true;
    }

    private void Release()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (null, 0, 0);
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _flush.OnCompleted(continuation, state, token, flags);
}
