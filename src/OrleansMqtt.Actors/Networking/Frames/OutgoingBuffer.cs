using System.Buffers;

namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>
/// Frames on their way out, in a chain of pooled blocks: frames are written at its end, whole blocks are taken from its front. It
/// holds no block while it is empty. Not for use by several threads at once.
/// </summary>
internal sealed class OutgoingBuffer : IBufferWriter<byte>
{
    private const int BlockSize = 16 * 1024;

    private OutgoingBlock? _first;
    private OutgoingBlock? _last;

    /// <summary>How many bytes were written since the start.</summary>
    public long Written { get; private set; }

    /// <summary>How many bytes were taken since the start.</summary>
    public long Taken { get; private set; }

    /// <summary>How many bytes wait.</summary>
    public long Length => Written - Taken;

    /// <summary>Writes a frame.</summary>
    /// <returns>The length of the frame, or -1 if the body was longer than allowed; then nothing is written.</returns>
    public int WriteFrame<TBody>(FrameKind kind, long correlation, in TBody body, int maxBodyBytes)
        where TBody : IFrameBody, allows ref struct
    {
        var start = Written;
        var lastBefore = _last;
        var lengthBefore = _last?.Length ?? 0;
        var whole = false;
        try
        {
            var header = GetMemory(FrameFormat.HeaderLength);
            Advance(FrameFormat.HeaderLength);
            body.Write(this);
            var length = Written - start;
            whole = length - FrameFormat.HeaderLength <= maxBodyBytes;
            if (whole)
            {
                FrameFormat.WriteHeader(header.Span, (int)length - FrameFormat.HeaderLength, kind, correlation);
            }

            return whole ? (int)length : -1;
        }
        finally
        {
            if (!whole)
            {
                CutBack(start, lastBefore, lengthBefore);
            }
        }
    }

    /// <summary>Takes blocks from the front: all, or so many that they hold at least the given number of bytes.</summary>
    /// <returns>The first of a chain, for the caller to copy and release; null if there is none.</returns>
    public OutgoingBlock? Take(int bytes)
    {
        var first = _first;
        long taken = 0;
        OutgoingBlock? end = null;
        for (var block = first; block is not null && taken < bytes; block = block.Next)
        {
            taken += block.Length;
            end = block;
        }

        if (end is not null)
        {
            _first = end.Next;
            _last = _first is null ? null : _last;
            end.Next = null;
            Taken += taken;
        }

        return first;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_last?.Free ?? 0), nameof(count));
        if (count > 0)
        {
            _last!.Length += count;
            Written += count;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory();

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint);

    private ArraySegment<byte> Room(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_last is null || _last.Free < Math.Max(sizeHint, 1))
        {
            var block = new OutgoingBlock(ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, BlockSize)));
            _ = _last is null ? _first = block : _last.Next = block;
            _last = block;
        }

        return new ArraySegment<byte>(_last.Array, _last.Length, _last.Free);
    }

    private void CutBack(long written, OutgoingBlock? last, int length)
    {
        var rest = last is null ? _first : last.Next;
        if (last is null)
        {
            _first = null;
        }
        else
        {
            last.Next = null;
            last.Length = length;
        }

        _last = last;
        Written = written;
        OutgoingBlock.Release(rest);
    }
}
