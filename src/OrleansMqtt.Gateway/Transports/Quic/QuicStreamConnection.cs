using System.IO.Pipelines;
using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OrleansMqtt.Gateway.Listeners;

namespace OrleansMqtt.Gateway.Transports.Quic;

/// <summary>A QUIC connection of which one stream is used.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicStreamConnection : ConnectionContext, IDuplexPipe, IClientProof
{
    private const long Aborted = 2;
    private readonly QuicConnection _connection;
    private readonly QuicStream _stream;
    private IFeatureCollection? _features;

    public QuicStreamConnection(QuicConnection connection, QuicStream stream)
    {
        (_connection, _stream) = (connection, stream);
        Certificate = connection.RemoteCertificate as X509Certificate2;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <inheritdoc/>
    public X509Certificate2? Certificate { get; }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The transport of this connection is its stream.");
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _connection.LocalEndPoint;

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _stream.Abort(QuicAbortDirection.Both, Aborted);

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // What was written reaches the client before the connection's end does.
        _stream.CompleteWrites();
        try
        {
            await _stream.WritesClosed;
        }
        catch (QuicException)
        {
            // The client has gone already.
        }
        await _stream.DisposeAsync();
        await _connection.DisposeAsync();
        await base.DisposeAsync();
    }
}
