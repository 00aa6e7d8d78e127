using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>
/// A connection to one peer, both directions. It takes calls at once, also while it is still being opened: they wait in its queue. Order
/// is kept among the requests and one-way frames of one thread, and among answers; answers overtake requests that are held back.
/// </summary>
/// <remarks>One lock, <c>_lock</c>, guards what is to be sent and what is unanswered. Receiver and transport are never called under it; a
/// body's writer is.</remarks>
internal sealed partial class PeerConnection
{
    private readonly Lock _lock = new();
    private readonly NetworkOptions _options;
    private readonly IFrameReceiver _receiver;
    private readonly ILogger _logger;
    private readonly string _description;
    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionContext? _context;
    private ConnectionEnd? _end;

    /// <summary>Makes a connection that is still to be opened.</summary>
    /// <param name="description">Whom it will reach, for the log.</param>
    /// <param name="options">Limits.</param>
    /// <param name="receiver">Who is told what happens.</param>
    /// <param name="logger">The log.</param>
    public PeerConnection(string description, NetworkOptions options, IFrameReceiver receiver, ILogger logger)
    {
        _description = description;
        _options = options;
        _receiver = receiver;
        _logger = logger;
    }

    /// <summary>Who the peer is; null until the connection is open.</summary>
    public PeerIdentity? Peer { get; private set; }

    /// <summary>Whether it opened (true), or ended before (false).</summary>
    public Task<bool> Opened => _opened.Task;

    /// <summary>Ends when the connection has ended, its calls are settled and its transport is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Whether it still takes calls.</summary>
    public bool TakesCalls => !HasEnded && !Volatile.Read(ref _saidGoodbye);

    /// <summary>Whether calls wait for it to open.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_lock)
            {
                return _context is null && _end is null && _held.Count > 0;
            }
        }
    }

    /// <summary>Opens it over a transport on which the handshake is done. <see cref="RunAsync"/> must follow.</summary>
    /// <returns>False if it has ended in the meantime; then the transport remains the caller's.</returns>
    public bool TryOpen(ConnectionContext context, PeerIdentity peer)
    {
        bool flush;
        lock (_lock)
        {
            if (_end is not null)
            {
                return false;
            }

            Peer = peer;
            _context = context;
            _silentTicks = 0;
            LetOut();
            flush = StartFlush();
        }

        LogOpened(_logger, peer, context.RemoteEndPoint);
        _opened.TrySetResult(true);
        FlushIf(flush);
        return true;
    }

    /// <summary>Receives until the connection ends, then settles everything and closes the transport.</summary>
    public async Task RunAsync()
    {
        var context = _context ?? throw new InvalidOperationException("The connection is not open.");
        await ReceiveAsync(context.Transport.Input).ConfigureAwait(false);
        Settle();
        await CloseAsync(context).ConfigureAwait(false);
        _completion.TrySetResult();
    }

    public override string ToString() => Peer?.ToString() ?? _description;
}
