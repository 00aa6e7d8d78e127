using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>One end of a connection of a <see cref="MemoryNetwork"/>. What is written here is carried to the other end while the link lets it.</summary>
internal sealed class MemoryConnection : ConnectionContext
{
    private readonly MemoryLink _link;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly TaskCompletionSource _aborted = new();
    private MemoryConnection? _other;

    private MemoryConnection(MemoryLink link, EndPoint local, EndPoint remote, PipeScheduler scheduler)
    {
        _link = link;
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        var options = new PipeOptions(readerScheduler: scheduler, writerScheduler: scheduler, useSynchronizationContext: false);
        _input = new Pipe(options);
        _output = new Pipe(options);
        Transport = new DuplexPipe(_input.Reader, _output.Writer);
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public static (MemoryConnection Near, MemoryConnection Far) Pair(MemoryLink link, EndPoint from, EndPoint to, PipeScheduler scheduler)
    {
        var near = new MemoryConnection(link, from, to, scheduler);
        var far = new MemoryConnection(link, to, from, scheduler);
        near._other = far;
        far._other = near;
        _ = near.CarryAsync(far);
        _ = far.CarryAsync(near);
        return (near, far);
    }

    private bool IsAborted => _aborted.Task.IsCompleted;

    /// <summary>Both ends see the connection as reset; what is on the way is lost.</summary>
    public void Reset()
    {
        Abort();
        _other!.Abort();
    }

    /// <summary>This end is gone at once; the other learns it when the link lets it.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => Abort();

    public override void Abort()
    {
        _aborted.TrySetResult();

        // Wakes those who carry, wherever they wait.
        _output.Reader.CancelPendingRead();
        _other!._input.Writer.CancelPendingFlush();
        _other._output.Reader.CancelPendingRead();
        _input.Writer.CancelPendingFlush();
    }

    public override async ValueTask DisposeAsync()
    {
        _link.Remove(this);
        await _output.Writer.CompleteAsync().ConfigureAwait(false);
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task CarryAsync(MemoryConnection to)
    {
        var reader = _output.Reader;
        var writer = to._input.Writer;
        while (true)
        {
            var result = await reader.ReadAsync().ConfigureAwait(false);
            await Task.WhenAny(_link.WhenCarrying, _aborted.Task, to._aborted.Task).ConfigureAwait(false);
            if (IsAborted || to.IsAborted)
            {
                await ResetAsync(to).ConfigureAwait(false);
                return;
            }

            foreach (var segment in result.Buffer)
            {
                writer.Write(segment.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || (await writer.FlushAsync().ConfigureAwait(false)).IsCompleted)
            {
                await writer.CompleteAsync().ConfigureAwait(false);
                await reader.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private async Task ResetAsync(MemoryConnection to)
    {
        var reset = new ConnectionResetException("the connection was reset");
        if (to.IsAborted)
        {
            await to._input.Writer.CompleteAsync(reset).ConfigureAwait(false);
        }
        else
        {
            await _output.Reader.CompleteAsync().ConfigureAwait(false);
        }

        // The end that did not abort learns it over the link.
        await Task.WhenAny(_link.WhenCarrying, Task.WhenAll(_aborted.Task, to._aborted.Task)).ConfigureAwait(false);
        await to._input.Writer.CompleteAsync(reset).ConfigureAwait(false);
        await _output.Reader.CompleteAsync().ConfigureAwait(false);
    }
}
