using System.IO.Pipelines;
using System.Threading.Channels;

namespace OrleansMqtt.Actors.Tests.Networking.Support;

/// <summary>A writer whose flushes wait until the test lets them go.</summary>
internal sealed class GatedWriter(PipeWriter inner) : PipeWriter
{
    private readonly Channel<bool> _started = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _go = Channel.CreateUnbounded<bool>();

    public ValueTask<bool> StartedAsync() => _started.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void LetGo() => _go.Writer.TryWrite(true);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        _started.Writer.TryWrite(true);
        await _go.Reader.ReadAsync(cancellationToken);
        return await inner.FlushAsync(cancellationToken);
    }

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
