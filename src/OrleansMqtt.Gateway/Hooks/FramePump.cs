using System.Buffers;
using System.IO.Pipelines;
using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>
/// Moves what goes in one direction past an interceptor, packet by packet. What is no packet, or one that is larger than allowed, passes with all that follows as it is: whoever receives it says what is wrong.
/// </summary>
/// <param name="direction">Which direction.</param>
/// <param name="from">Where packets come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="interceptor">Who says what becomes of them.</param>
/// <param name="maximumPacketSize">Largest packet in bytes, the first of the connection or another one.</param>
internal sealed class FramePump(PacketDirection direction, PipeReader from, PipeWriter to, IFrameInterceptor interceptor, Func<bool, uint> maximumPacketSize)
{
    private const int KeptCapacity = 64 * 1024;
    private ArrayBufferWriter<byte> _onward = new();
    private bool _isBehindFirst;
    private bool _isOpaque;

    /// <summary>Runs until one of the two ends does, or the interceptor ends the connection. Completes neither end.</summary>
    /// <exception cref="OperationCanceledException">The connection ended while the interceptor was at work.</exception>
    /// <exception cref="IOException">An end has failed.</exception>
    public async Task RunAsync(CancellationToken ended)
    {
        // The caller may be a thread that reads sockets.
        await Task.Yield();
        while (!ended.IsCancellationRequested)
        {
            var read = from.ReadAsync(CancellationToken.None);
            var hasWaited = !read.IsCompleted;
            var result = await read;
            if (hasWaited) await Task.Yield();
            if (result.IsCanceled) return;
            var (rest, goesOn) = await PassAsync(result.Buffer, ended);
            if (result.IsCompleted && goesOn)
            {
                Copy(result.Buffer.Slice(rest));
                rest = result.Buffer.End;
            }
            from.AdvanceTo(rest, result.Buffer.End);
            if (!await FlushAsync() || !goesOn || result.IsCompleted) return;
        }
    }

    // What is left is the beginning of a packet.
    private async ValueTask<(SequencePosition Left, bool GoesOn)> PassAsync(ReadOnlySequence<byte> buffer, CancellationToken ended)
    {
        while (!_isOpaque)
        {
            var status = FrameHeader.TryParse(buffer, maximumPacketSize(_isBehindFirst), out var header, out _);
            if (status == FrameStatus.Incomplete) return (buffer.Start, true);
            _isOpaque = status == FrameStatus.Invalid;
            if (_isOpaque) break;
            _isBehindFirst = true;
            var goesOn = await OfferAsync(buffer.Slice(0, header.TotalLength).ToArray(), ended);
            buffer = buffer.Slice(header.TotalLength);
            if (!goesOn) return (buffer.Start, false);
        }
        Copy(buffer);
        return (buffer.End, true);
    }

    private async ValueTask<bool> OfferAsync(byte[] frame, CancellationToken ended)
    {
        var call = interceptor.OnFrameAsync(direction, frame, _onward, ended);
        var waits = !call.IsCompleted;
        // What is before it does not wait with it.
        if (waits && !await FlushAsync()) return false;
        var goesOn = await (waits ? new ValueTask<bool>(call.AsTask().WaitAsync(ended)) : call);
        if (_onward.WrittenCount > 0) to.Write(_onward.WrittenSpan);
        if (_onward.Capacity > KeptCapacity) _onward = new();
        else _onward.ResetWrittenCount();
        return goesOn;
    }

    private void Copy(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes) to.Write(segment.Span);
    }

    private async ValueTask<bool> FlushAsync()
    {
        var flush = to.FlushAsync(CancellationToken.None);
        var hasWaited = !flush.IsCompleted;
        var result = await flush;
        if (hasWaited) await Task.Yield();
        return result is { IsCompleted: false, IsCanceled: false };
    }
}
