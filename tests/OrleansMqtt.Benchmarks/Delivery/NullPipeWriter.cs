using System.IO.Pipelines;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>A transport that takes everything at once and forgets it: what remains to be measured is the broker's own work.</summary>
internal sealed class NullPipeWriter : PipeWriter
{
    private byte[] _buffer = new byte[4_096];

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length < sizeHint) _buffer = new byte[sizeHint];
        return _buffer;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
