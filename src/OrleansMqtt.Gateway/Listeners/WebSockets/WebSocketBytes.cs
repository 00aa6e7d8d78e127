using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>The bytes of a WebSocket's binary messages, one behind the other. A write is one message.</summary>
internal sealed class WebSocketBytes(TransportStream below) : Stream
{
    private const byte LastBinary = 0x82;
    private readonly Lock _sending = new();
    private readonly FrameDecoder _decoder = new();
    private ControlFrame? _due;
    private bool _hasEnded;
    private bool _hasClosed;

    /// <inheritdoc/>
    /// <exception cref="FrameException">The client has breached the protocol, or sent text; it has been told so.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var answer = Decode(buffer.Span, out var written);
        return written > 0 || (answer is null && (_hasEnded || (_decoder.IsInPayload && below.Available > 0))) ? new(written) : ReadLaterAsync(buffer, answer);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Span<byte> header = stackalloc byte[10];
        header[0] = LastBinary;
        header = header[..Measure(header, buffer.Length)];
        lock (_sending)
        {
            if (_hasClosed) return default;
            below.Write(header);
            below.Write(buffer.Span);
        }
        return default;
    }

    /// <summary>Says that no more comes, unless it has been said.</summary>
    public void SayGoodbye() => Answer(ControlFrame.Goodbye);

    // What has to be answered stops it, so that it is answered in its order.
    private ControlFrame? Decode(Span<byte> output, out int written)
    {
        written = 0;
        if (_due is { } due)
        {
            _due = null;
            return due;
        }
        while (!_hasEnded && !below.Buffered.IsEmpty && (output.Length > written || !_decoder.IsInPayload))
        {
            var input = below.Buffered.FirstSpan;
            var before = input.Length;
            var answer = _decoder.Decode(ref input, output[written..], out var count);
            written += count;
            below.Consume(before - input.Length);
            if (answer is null) continue;
            if (written == 0) return answer;
            // First what stands before it.
            _due = answer;
            break;
        }
        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(Memory<byte> buffer, ControlFrame? answer)
    {
        while (true)
        {
            if (answer is not null)
            {
                Answer(answer);
                await below.PushAsync();
                if (answer.Problem is not null) throw new FrameException(answer.Problem);
            }
            else if (below.Buffered.IsEmpty)
            {
                await below.WaitAsync();
                _hasEnded |= below.Buffered.IsEmpty;
            }
            answer = Decode(buffer.Span, out var written);
            if (written > 0 || (answer is null && (_hasEnded || (_decoder.IsInPayload && below.Available > 0)))) return written;
        }
    }

    private void Answer(ControlFrame frame)
    {
        lock (_sending)
        {
            if (!_hasClosed) below.Write(frame.Bytes);
            _hasClosed |= frame.EndsStream;
        }
        _hasEnded |= frame.EndsStream;
    }

    private static int Measure(Span<byte> header, int length)
    {
        switch (length)
        {
            case < 126:
                header[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                header[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
                return 4;
            default:
                header[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)length);
                return 10;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // The writer flushes what is below.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing here blocks.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Nothing here blocks.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
