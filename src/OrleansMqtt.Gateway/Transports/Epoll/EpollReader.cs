using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>
/// What comes in. Bytes are received straight into one contiguous buffer when somebody reads, so unread bytes stay in the kernel and hold
/// the sender back. A read that has to wait ends on the loop's thread. When everything is consumed there is no buffer.
/// One reader at a time; <see cref="CancelPendingRead"/> from any thread.
/// </summary>
internal sealed class EpollReader(EpollConnection connection) : PipeReader, IValueTaskSource<ReadResult>
{
    private const int ReceiveSize = 64 * 1024;

    private const int LeastRoom = ReceiveSize / 4;
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private byte[]? _buffer;
    private int _start, _end, _examined;
    private bool _readable = true;
    private bool _ending;
    private bool _ended;
    private bool _waiting;
    private bool _canceled;
    private bool _yielding;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled) return ReadCancelableAsync(cancellationToken);
        lock (_gate)
        {
            if (TryRead(out var result)) return new(result);
            _waiting = true;
            _read.Reset();
            return new(this, _read.Version);
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_gate)
        {
            if (_canceled)
            {
                _canceled = false;
                result = Result(isCanceled: true);
                return true;
            }
            if (_end > _examined || _ended)
            {
                result = Result();
                return true;
            }
            // The second read in a row waits for its turn.
            if (!_readable || _yielding || !Receive())
            {
                result = default;
                return false;
            }
            result = Result();
            return true;
        }
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is null) return;
        (_start, _examined) = (consumed.GetInteger(), examined.GetInteger());
        var rest = _end - _start;
        // A client that sends half a packet and falls silent costs little more than what it sent.
        if (rest * 4 > _buffer.Length || (rest > 0 && _end > _examined)) return;
        var large = _buffer;
        _buffer = null;
        if (rest > 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(rest);
            large.AsSpan(_start, rest).CopyTo(_buffer);
        }
        (_start, _end, _examined) = (0, rest, rest);
        ArrayPool<byte>.Shared.Return(large);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
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
        _read.RunContinuationsAsynchronously = true;
        _read.SetResult(Result(isCanceled: true));
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_buffer is not { } buffer) return;
        _buffer = null;
        (_start, _end, _examined) = (0, 0, 0);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>More has come, or the end if <paramref name="ending"/>. On the loop's thread.</summary>
    public void OnReadable(bool ending)
    {
        lock (_gate)
        {
            _readable = true;
            _ending |= ending;
            if (_yielding) return;
        }
        Continue();
    }

    /// <summary>The others have had their turn. On the loop's thread.</summary>
    public void OnTurn()
    {
        lock (_gate) _yielding = false;
        Continue();
    }

    private void Continue()
    {
        ReadResult result;
        Exception? failure = null;
        lock (_gate)
        {
            if (!_waiting) return;
            try
            {
                if (!Receive()) return;
            }
            catch (ConnectionResetException exception)
            {
                failure = exception;
            }
            _waiting = false;
            result = Result();
        }
        _read.RunContinuationsAsynchronously = false;
        if (failure is null) _read.SetResult(result);
        else _read.SetException(failure);
    }

    // Under the gate. Returns whether the reader has something new to look at.
    private bool Receive()
    {
        MakeRoom();
        var room = _buffer.AsSpan(_end);
        var received = connection.Receive(room, out var error);
        if (received > 0)
        {
            _end += received;
            // Less than asked for: the kernel has no more, and will say so when it has, unless it has said all that it ever will.
            if (received < room.Length) _readable = _ending;
            // As much as asked for: there is more, but others come first.
            else if (connection.Loop.IsCurrent) Yield();
            return true;
        }
        if (_start == _end) Complete();
        if (received == 0) return _ended = true;
        if (error == LibC.ErrInterrupted) return Receive();
        if (error != LibC.ErrAgain)
        {
            _ended = true;
            throw new ConnectionResetException($"The connection was lost (errno {error}).");
        }
        _readable = false;
        return false;
    }

    private void Yield()
    {
        _yielding = true;
        connection.Loop.Yield(connection);
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(ReceiveSize);
            return;
        }
        var rest = _end - _start;
        // A packet that does not fit grows its buffer twofold with what has really come, whatever length it announces.
        if (_buffer.Length - rest < LeastRoom)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(ReceiveSize, rest * 2));
            _buffer.AsSpan(_start, rest).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, rest).CopyTo(_buffer);
        }
        (_examined, _start, _end) = (_examined - _start, 0, rest);
    }

    private ReadResult Result(bool isCanceled = false) => new(
        _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled, _ended);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadCancelableAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static reader => ((EpollReader)reader!).CancelPendingRead(), this);
        var result = await ReadAsync(CancellationToken.None);
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);
}
