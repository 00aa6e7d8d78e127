using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>A connection whose bytes travel by another one in some other form. It owns that one.</summary>
internal abstract class LayeredConnection : WrappedConnection, IDuplexPipe
{
    private readonly LayerReader _input;
    private readonly LayerWriter _output;
    private volatile bool _isAborted;
    private int _isDisposed;

    protected LayeredConnection(ConnectionContext below, TransportStream bytes, Stream stream) : base(below) =>
        (Bytes, Stream, _input, _output) = (bytes, stream, new LayerReader(stream, bytes), new LayerWriter(stream, bytes));

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The transport of this connection is its stream.");
    }

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <summary>Its bytes.</summary>
    protected TransportStream Bytes { get; }

    /// <summary>The bytes of this one.</summary>
    protected Stream Stream { get; }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        _isAborted = true;
        Below.Abort(abortReason);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _output.Complete();
        _input.Complete();
        try
        {
            if (!_isAborted)
            {
                await SayGoodbyeAsync();
                await Bytes.PushAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            // The other side has gone already: nobody is there to hear it.
        }
        finally
        {
            await Below.Transport.Output.CompleteAsync();
            await Below.Transport.Input.CompleteAsync();
            await Below.DisposeAsync();
            await Stream.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    /// <summary>Writes what ends the conversation in this form. A failure is as good as none.</summary>
    protected abstract ValueTask SayGoodbyeAsync();
}
