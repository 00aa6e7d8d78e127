using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A connection whose bytes are encrypted on another one.</summary>
internal sealed class TlsConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly SslStream _stream;
    private bool _aborted;

    private TlsConnection(ConnectionContext inner, SslStream stream)
    {
        _inner = inner;
        _stream = stream;
        LocalEndPoint = inner.LocalEndPoint;
        RemoteEndPoint = inner.RemoteEndPoint;
        ConnectionClosed = inner.ConnectionClosed;

        // The stream outlives its pipes: its last word is said when both are complete.
        Transport = new DuplexPipe(
            PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, bufferSize: 16 * 1024)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)));
    }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override IDuplexPipe Transport { get; set; }

    /// <summary>Does the handshake of TLS over a connection. If it fails, the connection remains the caller's.</summary>
    public static async Task<TlsConnection> OpenAsync(ConnectionContext inner, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(new DuplexPipeStream(inner.Transport), leaveInnerStreamOpen: true);
        try
        {
            await authenticate(stream).ConfigureAwait(false);
            return new TlsConnection(inner, stream);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Volatile.Write(ref _aborted, true);
        _inner.Abort(abortReason);

        // The stream waits in this pipe, and not every transport wakes it.
        _inner.Transport.Input.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync().ConfigureAwait(false);
        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        try
        {
            if (!Volatile.Read(ref _aborted))
            {
                await _stream.ShutdownAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            await _inner.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }
}
