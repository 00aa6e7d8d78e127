using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>
/// A connection whose packets pass an interceptor, in both directions, on their way from and to another one. Everything above it runs on the thread pool, so that whoever intercepts holds up this connection alone.
/// To be disposed of when it has been started.
/// </summary>
/// <param name="below">What it stands on.</param>
/// <param name="interceptor">Who says what becomes of each packet.</param>
/// <param name="limits">The limits of packets as they are at the moment.</param>
/// <param name="logger">Where it is said that the interceptor has failed.</param>
internal sealed partial class PacketConnection(ConnectionContext below, IFrameInterceptor interceptor, Func<GatewayLimits> limits, ILogger logger) : WrappedConnection(below), IDuplexPipe
{
    private static readonly PipeOptions Bounds = new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);
    private readonly Pipe _received = new(Bounds);
    private readonly Pipe _sent = new(Bounds);
    private readonly CancellationTokenSource _ended = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private volatile Exception? _failure;
    private int _isDisposed;

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The transport of this connection is its packets.");
    }

    /// <inheritdoc/>
    public PipeReader Input => _received.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _sent.Writer;

    /// <summary>Packets pass from now on.</summary>
    public void Start()
    {
        _receiving = ReceiveAsync(new(PacketDirection.Received, Below.Transport.Input, _received.Writer, interceptor, MaximumReceived));
        _sending = SendAsync(new(PacketDirection.Sent, _sent.Reader, Below.Transport.Output, interceptor, static _ => uint.MaxValue));
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Whoever waits for it goes on elsewhere: this may be anybody's thread.
        _ = _ended.CancelAsync();
        Below.Abort(abortReason);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _sent.Writer.CompleteAsync();
        await _received.Reader.CompleteAsync();
        // What has been sent passes first; it takes no longer than the abort of who takes nothing any more.
        await _sending;
        await _ended.CancelAsync();
        Below.Transport.Input.CancelPendingRead();
        await _receiving;
        await Below.Transport.Output.CompleteAsync();
        await Below.Transport.Input.CompleteAsync();
        await Below.DisposeAsync();
        await base.DisposeAsync();
    }

    // Before CONNECT less is allowed.
    private uint MaximumReceived(bool isBehindFirst)
    {
        var current = limits();
        return isBehindFirst ? current.MaxPacketBytes : Math.Min(current.MaxConnectPacketBytes, current.MaxPacketBytes);
    }

    private async Task ReceiveAsync(FramePump pump)
    {
        await RunAsync(pump);
        await _received.Writer.CompleteAsync(_failure);
    }

    private async Task SendAsync(FramePump pump)
    {
        await RunAsync(pump);
        await _sent.Reader.CompleteAsync();
        // Nothing goes out any more: whoever reads is to know.
        Below.Transport.Input.CancelPendingRead();
    }

    // Whatever it is, it ends this connection and no other; its reader is told.
    private async Task RunAsync(FramePump pump)
    {
        try
        {
            await pump.RunAsync(_ended.Token);
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            _failure ??= exception;
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogInterceptorFailed(logger, exception, Below.RemoteEndPoint?.ToString() ?? "unknown");
            _failure = new IOException("what intercepts its packets has failed", exception);
        }
    }

    [LoggerMessage(303, LogLevel.Error, "What intercepts the packets of the connection from {Remote} has failed; the connection is closed.")]
    private static partial void LogInterceptorFailed(ILogger logger, Exception exception, string remote);
}
