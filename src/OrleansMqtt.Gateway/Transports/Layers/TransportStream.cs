using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>
/// The bytes of a connection as a stream, for what encrypts or frames them. A read of no bytes waits until there is something to read, so that nobody holds a buffer meanwhile. What is
/// written goes out with the next <see cref="PushAsync"/>, all of it together. One reader; writers may be several.
/// </summary>
internal sealed class TransportStream(IDuplexPipe transport) : DuplexBytes
{
    private readonly Lock _gate = new();
    private ReadOnlySequence<byte> _rest;
    private HandshakeTurns? _turns;
    private Task<bool>? _pushing;
    private ArrayBufferWriter<byte>? _late;
    private bool _hasTurn;
    private bool _ended;

    /// <summary>Bytes that have come and can be read at once.</summary>
    public long Available => _rest.Length;

    /// <summary>From now on what follows a read waits for its turn and runs on the thread pool, until <see cref="EndHandshake"/>.</summary>
    public void BeginHandshake(HandshakeTurns turns) => _turns = turns;

    /// <summary>From now on what follows a read runs on the thread that brought the bytes.</summary>
    public void EndHandshake()
    {
        LeaveTurn();
        _turns = null;
    }

    /// <summary>Waits until there is something to read, or the end.</summary>
    public async ValueTask WaitAsync() => _ = await ReadAsync(Memory<byte>.Empty, CancellationToken.None);

    /// <inheritdoc/>
    /// <exception cref="ConnectionAbortedException">The connection has been aborted from this side.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_turns is not null) return ReadInTurnAsync(buffer, cancellationToken);
        if (!_rest.IsEmpty || _ended) return new(Copy(buffer.Span));
        var read = transport.Input.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully) return ReadLaterAsync(read, buffer);
        Take(read.Result);
        return new(Copy(buffer.Span));
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
            if (_pushing is null) transport.Output.Write(buffer);
            else (_late ??= new()).Write(buffer);
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken) => await PushAsync();

    /// <summary>Sends what has been written; completes when the transport has taken it: whether anybody still takes anything at all.</summary>
    public ValueTask<bool> PushAsync()
    {
        lock (_gate)
        {
            // Whoever is at it takes along what was written meanwhile.
            if (_pushing is not null) return new(_pushing);
            var flush = transport.Output.FlushAsync();
            if (flush.IsCompletedSuccessfully) return new(!flush.Result.IsCompleted);
            var pushing = PushRestAsync(flush);
            if (!pushing.IsCompleted) _pushing = pushing;
            return new(pushing);
        }
    }

    private async Task<bool> PushRestAsync(ValueTask<FlushResult> flush)
    {
        while (true)
        {
            var isGone = true;
            try
            {
                isGone = (await flush).IsCompleted;
            }
            finally
            {
                if (isGone) EndPush();
            }
            lock (_gate)
            {
                if (isGone || _late is not { WrittenCount: > 0 } late)
                {
                    _pushing = null;
                    return !isGone;
                }
                transport.Output.Write(late.WrittenSpan);
                _late = null;
                flush = transport.Output.FlushAsync();
            }
        }
    }

    private void EndPush()
    {
        lock (_gate) (_pushing, _late) = (null, null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(ValueTask<ReadResult> read, Memory<byte> buffer)
    {
        Take(await read);
        return Copy(buffer.Span);
    }

    private async ValueTask<int> ReadInTurnAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        LeaveTurn();
        if (_rest.IsEmpty && !_ended) Take(await transport.Input.ReadAsync(cancellationToken));
        if (!buffer.IsEmpty)
        {
            await _turns!.EnterAsync(cancellationToken);
            _hasTurn = true;
        }
        return Copy(buffer.Span);
    }

    private void LeaveTurn()
    {
        if (_hasTurn) _turns!.Leave();
        _hasTurn = false;
    }

    private void Take(in ReadResult result)
    {
        if (result.IsCanceled) throw new ConnectionAbortedException();
        (_rest, _ended) = (result.Buffer, result.IsCompleted);
        if (_rest.IsEmpty) transport.Input.AdvanceTo(_rest.End);
    }

    private int Copy(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _rest.Length);
        if (count == 0) return 0;
        _rest.Slice(0, count).CopyTo(buffer);
        _rest = _rest.Slice(count);
        // Gives the transport's buffer back.
        if (_rest.IsEmpty) transport.Input.AdvanceTo(_rest.End);
        return count;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
