using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>A connection lent to an HTTP server until its first request is answered. It does not close what it was lent.</summary>
internal sealed class UpgradeRequest : ConnectionContext, IDuplexPipe
{
    private readonly ConnectionContext _below;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAccepted;

    public UpgradeRequest(ConnectionContext below)
    {
        (_below, Input, Output) = (below, new LentReader(this, below.Transport.Input), new LentWriter(below.Transport.Output));
        Features.Set(this);
    }

    /// <summary>Completed when the server has no part in it any more.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Why it did not become a WebSocket; null when it has.</summary>
    public string? Refusal { get; set; } = "it ended within its HTTP request, or sent none";

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The connection is only lent.");
    }

    /// <inheritdoc/>
    public override string ConnectionId { get; set; } = "";

    /// <inheritdoc/>
    public override IFeatureCollection Features { get; } = new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => _below.RemoteEndPoint;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => _below.LocalEndPoint;

    /// <summary>It is a WebSocket now.</summary>
    public void Accept() => (_isAccepted, Refusal) = (true, null);

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (!_isAccepted) _below.Abort(abortReason);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _answered.TrySetResult();
        return base.DisposeAsync();
    }

    private sealed class LentReader(UpgradeRequest request, PipeReader reader) : PipeReader
    {
        private volatile bool _isCanceled;

        public override void AdvanceTo(SequencePosition consumed) => reader.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => reader.AdvanceTo(consumed, examined);

        public override void CancelPendingRead()
        {
            if (request._isAccepted) return;
            _isCanceled = true;
            reader.CancelPendingRead();
        }

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await reader.ReadAsync(cancellationToken);
            // Not every transport ends what is read when it is aborted.
            if (result.IsCanceled && !_isCanceled) throw new ConnectionAbortedException();
            _isCanceled &= !result.IsCanceled;
            return result;
        }

        public override bool TryRead(out ReadResult result) => reader.TryRead(out result);

        public override void Complete(Exception? exception = null)
        {
            // Its owner completes it.
        }
    }

    private sealed class LentWriter(PipeWriter writer) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override void Advance(int bytes) => writer.Advance(bytes);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

        public override void Complete(Exception? exception = null)
        {
            // Its owner completes it.
        }
    }
}
