using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>
/// What a stream over a <see cref="TransportStream"/> brings: decrypted, or taken out of frames. It waits with a read of no bytes, so an idle connection holds no buffer, and a
/// read ends on the thread that brought the bytes. One reader at a time; <see cref="CancelPendingRead"/> from any thread.
/// </summary>
/// <remarks>A read that is canceled leaves the stream's own read under way: streams of this kind do not survive the loss of one.</remarks>
internal sealed class LayerReader : PipeReader, IValueTaskSource<ReadResult>
{
    private const int ReceiveSize = 16 * 1024;
    private const int LeastRoom = ReceiveSize / 4;
    private readonly Stream _stream;
    private readonly TransportStream _below;
    private readonly Action _onRead;
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<ReadResult> _result;
    private ValueTask<int> _read;
    private Pending _pending;
    private Exception? _failure;
    private byte[]? _buffer;
    private int _start, _end, _examined;
    private bool _ended;
    private bool _waiting;
    private bool _canceled;

    public LayerReader(Stream stream, TransportStream below) => (_stream, _below, _onRead) = (stream, below, OnRead);

    private enum Pending
    {
        None,

        /// <summary>A read of no bytes.</summary>
        Probe,

        /// <summary>A read into the buffer's free end: of a part has come what says that it will come whole.</summary>
        Data,
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled) return ReadCancelableAsync(cancellationToken);
        lock (_gate)
        {
            if (TryTake(out var result)) return new(result);
            _waiting = true;
            _result.Reset();
            return new(this, _result.Version);
        }
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_gate) return TryTake(out result);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_gate)
        {
            if (_buffer is null) return;
            (_start, _examined) = (consumed.GetInteger(), examined.GetInteger());
            if (_pending != Pending.Data) Shrink();
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        ReadResult result;
        lock (_gate)
        {
            if (!_waiting)
            {
                _canceled = true;
                return;
            }
            _waiting = false;
            result = Result(isCanceled: true);
        }
        // On the pool: the caller may be anybody, with anything on its stack.
        _result.RunContinuationsAsynchronously = true;
        _result.SetResult(result);
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_gate)
        {
            var buffer = _buffer;
            (_buffer, _start, _end, _examined, _ended) = (null, 0, 0, 0, true);
            // A read that is under way may still write into it.
            if (buffer is not null && _pending != Pending.Data) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Under the gate, as all that follows.
    private bool TryTake(out ReadResult result)
    {
        if (!HasNews && _pending == Pending.None) Begin();
        result = default;
        if (!HasNews) return false;
        result = Result(_canceled);
        _canceled = false;
        if (result.IsCanceled || _failure is not { } failure) return true;
        _failure = null;
        throw failure;
    }

    private bool HasNews => _canceled || _end > _examined || _ended;

#pragma warning disable CA2012 // Consumed exactly once, when it has ended; awaiting would cost a state machine per read.
    private void Begin()
    {
        try
        {
            _read = _stream.ReadAsync(Memory<byte>.Empty);
            if (Await(Pending.Probe)) ReadData();
        }
#pragma warning disable CA1031 // See Fail.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    // Returns whether it has ended already; its result is taken then.
    private bool Await(Pending kind)
    {
        if (!_read.IsCompleted)
        {
            _pending = kind;
            _read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onRead);
            return false;
        }
        Take(kind);
        return true;
    }

    private void Take(Pending kind)
    {
        var count = _read.Result;
        if (kind == Pending.Probe) return;
        _end += count;
        _ended |= count == 0;
    }

    private void ReadData()
    {
        do
        {
            MakeRoom();
            _read = _stream.ReadAsync(_buffer.AsMemory(_end));
        }
        while (Await(Pending.Data) && !_ended && _below.Available > 0 && _buffer!.Length - _end >= LeastRoom);
        if (_pending != Pending.Data && _start == _end) Shrink();
    }
#pragma warning restore CA2012

    private void OnRead()
    {
        ReadResult result;
        Exception? failure;
        lock (_gate)
        {
            var kind = _pending;
            _pending = Pending.None;
            try
            {
                Take(kind);
                if (kind == Pending.Probe && !_ended) ReadData();
            }
#pragma warning disable CA1031 // See Fail.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(exception);
            }
            if (!_waiting || !HasNews) return;
            _waiting = false;
            (result, failure, _failure) = (Result(isCanceled: false), _failure, null);
        }
        _result.RunContinuationsAsynchronously = false;
        if (failure is null) _result.SetResult(result);
        else _result.SetException(failure);
    }

    // Whatever it is, it ends this connection and no other: a thread that reads sockets may be below.
    private void Fail(Exception exception) => (_failure, _ended) = (exception as IOException ?? new IOException(exception.Message, exception), true);

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(ReceiveSize);
            return;
        }
        var rest = _end - _start;
        // A packet that does not fit grows its buffer twofold with what has really come, whatever length it announces.
        if (_buffer.Length - rest < LeastRoom) Move(Math.Max(ReceiveSize, rest * 2));
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, rest).CopyTo(_buffer);
            (_examined, _start, _end) = (Math.Max(0, _examined - _start), 0, rest);
        }
    }

    // A client that sends half a packet and falls silent costs little more than what it sent.
    private void Shrink()
    {
        var rest = _end - _start;
        if (_buffer is null || rest * 4 > _buffer.Length || (rest > 0 && _end > _examined)) return;
        if (rest > 0)
        {
            Move(rest);
            return;
        }
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end, _examined) = (null, 0, 0, 0);
    }

    private void Move(int size)
    {
        var (former, rest) = (_buffer!, _end - _start);
        _buffer = ArrayPool<byte>.Shared.Rent(size);
        former.AsSpan(_start, rest).CopyTo(_buffer);
        (_examined, _start, _end) = (Math.Max(0, _examined - _start), 0, rest);
        ArrayPool<byte>.Shared.Return(former);
    }

    private ReadResult Result(bool isCanceled) => new(
        _buffer is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled, _ended);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadCancelableAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static reader => ((LayerReader)reader!).CancelPendingRead(), this);
        var result = await ReadAsync(CancellationToken.None);
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
