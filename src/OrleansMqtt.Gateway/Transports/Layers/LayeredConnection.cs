using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OrleansMqtt.Gateway.Listeners;

namespace OrleansMqtt.Gateway.Transports.Layers;

/// <summary>A connection whose bytes travel by another one in some other form. It owns that one.</summary>
internal abstract class LayeredConnection : ConnectionContext, IDuplexPipe, IClientProof
{
    private readonly LayerReader _input;
    private readonly LayerWriter _output;
    private volatile bool _isAborted;
    private int _isDisposed;

    protected LayeredConnection(ConnectionContext below, TransportStream bytes, Stream stream) =>
        (Below, Bytes, Stream, _input, _output) = (below, bytes, stream, new LayerReader(stream, bytes), new LayerWriter(stream, bytes));

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

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => Below.ConnectionId;
        set => Below.ConnectionId = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => Below.Features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => Below.Items;
        set => Below.Items = value;
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => Below.LocalEndPoint;
        set => Below.LocalEndPoint = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => Below.RemoteEndPoint;
        set => Below.RemoteEndPoint = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get => Below.ConnectionClosed;
        set => Below.ConnectionClosed = value;
    }

    /// <inheritdoc/>
    public virtual System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate => ClientProof.Of(Below)?.Certificate;

    /// <inheritdoc/>
    public OrleansMqtt.Security.PeerCredentials? Peer => ClientProof.Of(Below)?.Peer;

    /// <summary>The connection below.</summary>
    protected ConnectionContext Below { get; }

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
    public override void Abort() => Abort(new ConnectionAbortedException());

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
