using System.Buffers;
using System.IO.Pipelines;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// Bytes on their way to one client. Any thread writes whole packets under <see cref="Gate"/>; one at a time hands what has gathered to the
/// transport, as one write. What the transport does not take yet stays here and is counted, so that senders can stop in time.
/// Holds no buffer while nothing waits.
/// </summary>
internal sealed partial class Outbox(PipeWriter output, BrokerMetrics metrics) : IBatched
{
    private const int FirstChunk = 1024;
    private const int LaterChunk = 16 * 1024;
    private List<(byte[] Buffer, int Length)>? _full;
    private byte[]? _chunk;
    private int _length;
    private bool _isMarked;
    private bool _flushing;
    private bool _completed;
    private TaskCompletionSource? _below;
    private int _belowBytes;

    /// <summary>The lock of this outbox and of everything that belongs to the same client's way out.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes that the transport has not taken yet. Read under <see cref="Gate"/>.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Has it flushed when the stretch of work on this thread ends (<see cref="DeliveryBatch"/>). Under <see cref="Gate"/>, inside a stretch.</summary>
    public void Mark()
    {
        if (_isMarked) return;
        _isMarked = true;
        DeliveryBatch.Add(this);
    }

    /// <summary>Called, outside the lock, when bytes have been taken by the transport.</summary>
    public Action? Drained { get; set; }

    /// <summary>Room for <paramref name="size"/> bytes; to be followed by <see cref="Advance"/>. Under <see cref="Gate"/>.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_chunk is null || _chunk.Length - _length < size)
        {
            if (_chunk is not null && _length > 0) (_full ??= []).Add((_chunk, _length));
            else if (_chunk is not null) ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(size, PendingBytes == 0 ? FirstChunk : LaterChunk));
            _length = 0;
        }
        return _chunk.AsSpan(_length, size);
    }

    /// <summary>Says how many of the bytes have been written. Under <see cref="Gate"/>.</summary>
    public void Advance(int count)
    {
        _length += count;
        PendingBytes += count;
    }

    /// <summary>Writes bytes. Under <see cref="Gate"/>; nothing is written after <see cref="Complete"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_completed) return;
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Completes when at most <paramref name="bytes"/> wait, or nothing more goes out. One waiter at a time.</summary>
    public Task WhenBelowAsync(int bytes)
    {
        lock (Gate)
        {
            if (PendingBytes <= bytes || _completed) return Task.CompletedTask;
            _below = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _belowBytes = bytes;
            return _below.Task;
        }
    }

    /// <summary>Hands everything to the transport, on this thread unless another is doing it already. Not under <see cref="Gate"/>.</summary>
    public void Flush()
    {
        lock (Gate)
        {
            _isMarked = false;
            if (_flushing || PendingBytes == 0 || _completed || !MayFlush()) return;
            _flushing = true;
        }
        while (true)
        {
#pragma warning disable CA2012 // Consumed exactly once: here when it is completed already, else by FlushRestAsync. Awaiting would cost a state machine per flush.
            var flush = FlushOnce(out var bytes);
            if (!flush.IsCompletedSuccessfully)
            {
                _ = FlushRestAsync(flush.AsTask(), bytes);
                return;
            }
            if (!Finish(flush.Result.IsCompleted, bytes)) return;
#pragma warning restore CA2012
        }
    }

    /// <summary>Nothing more goes out: what waits is given up.</summary>
    public void Complete()
    {
        lock (Gate)
        {
            _completed = true;
            SignalBelow();
            if (!_flushing) ReleaseChunks();
        }
        Drained?.Invoke();
    }

    /// <summary>Flushes; whether everything that was written has been handed to the transport.</summary>
    public bool TryFlush()
    {
        Flush();
        return IsFlushed();
    }

    /// <summary>Waits until what was written has been handed to the transport.</summary>
    public async ValueTask FlushAllAsync(CancellationToken cancellationToken)
    {
        Flush();
        while (!IsFlushed())
        {
            var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = Drained;
            Drained = () =>
            {
                before?.Invoke();
                drained.TrySetResult();
            };
            if (IsFlushed()) return;
            await drained.Task.WaitAsync(cancellationToken);
        }
    }

    private bool IsFlushed()
    {
        lock (Gate) return _completed || (PendingBytes == 0 && !_flushing);
    }

    private ValueTask<FlushResult> FlushOnce(out int bytes)
    {
        if (TryWritePart(out bytes)) return output.FlushAsync();
        List<(byte[] Buffer, int Length)>? full;
        byte[]? chunk;
        int length;
        int skipped;
        lock (Gate)
        {
            (full, chunk, length, skipped, bytes) = (_full, _chunk, _length, _skipped, PendingBytes);
            (_full, _chunk, _length, _skipped, _inFlight) = (null, null, 0, 0, bytes);
        }
        if (full is not null)
            foreach (var (buffer, used) in full)
            {
                output.Write(buffer.AsSpan(skipped, used - skipped));
                skipped = 0;
                ArrayPool<byte>.Shared.Return(buffer);
            }
        if (chunk is not null)
        {
            output.Write(chunk.AsSpan(skipped, length - skipped));
            ArrayPool<byte>.Shared.Return(chunk);
        }
        return output.FlushAsync();
    }

    // Returns whether there is more to flush; the flushing role is given up otherwise.
    private bool Finish(bool dead, int bytes)
    {
        bool more;
        lock (Gate)
        {
            PendingBytes -= bytes;
            _inFlight = 0;
            _completed |= dead;
            SignalBelow();
            more = PendingBytes > 0 && !_completed && MayFlush();
            _flushing = more;
            if (_completed) ReleaseChunks();
        }
        metrics.CountBytesSent(bytes);
        Drained?.Invoke();
        return more;
    }

    private async Task FlushRestAsync(Task<FlushResult> flush, int bytes)
    {
        while (true)
        {
            await ((Task)flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!Finish(!flush.IsCompletedSuccessfully || (await flush).IsCompleted, bytes)) return;
            flush = FlushOnce(out bytes).AsTask();
        }
    }

    private void SignalBelow()
    {
        if (_below is null || (PendingBytes > _belowBytes && !_completed)) return;
        _below.SetResult();
        _below = null;
    }

    private void ReleaseChunks()
    {
        if (_full is not null)
            foreach (var (buffer, _) in _full) ArrayPool<byte>.Shared.Return(buffer);
        if (_chunk is not null) ArrayPool<byte>.Shared.Return(_chunk);
        (_full, _chunk, _length, _skipped, PendingBytes) = (null, null, 0, 0, 0);
    }
}
