using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>What goes out through a stream over a <see cref="TransportStream"/>. All that one flush takes is one write of the stream, and what comes of it one write of the transport.</summary>
internal sealed class LayerWriter(Stream stream, TransportStream below) : PipeWriter
{
    private const int MinimumSize = 1024;
    private byte[]? _buffer;
    private int _end;
    private bool _dead;

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, MinimumSize));
        }
        else if (_buffer.Length - _end < sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_end + sizeHint, 2 * _buffer.Length));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => _end += bytes;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _end;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!_dead && _end > 0) await WriteAsync(_buffer.AsMemory(0, _end));
        Release();
        if (!_dead && !await below.PushAsync()) _dead = true;
        return new FlushResult(isCanceled: false, _dead);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => throw new NotSupportedException("Abort the connection instead.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _dead = true;
        Release();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nothing will ever go out again; the reading side finds out by itself.
            _dead = true;
        }
    }

    private void Release()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _end) = (null, 0);
    }
}
