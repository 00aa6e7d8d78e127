using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OrleansMqtt.Actors.Mailboxes;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A connected socket, with a thread that waits for what it brings and hands it to the reader.</summary>
/// <remarks>
/// Kestrel's transport is made for many small connections: it takes 4 KB with each call, and from the socket to the reader one thread wakes another three times. Between two processes
/// there is one connection; what goes over it is long, and most of its cost were those wake-ups.
/// </remarks>
internal sealed class SocketConnection : ConnectionContext
{
    // A little more than the largest batches that routers and gateways exchange.
    private const int BufferBytes = 80 * 1024;
    private const int LeastRead = 16 * 1024;
    // What a peer that is not listened to may leave here.
    private const int UnreadBytes = 1024 * 1024;
    private readonly Socket _socket;
    private readonly Pipe _received;

    /// <param name="socket">Connected; not used asynchronously so far, or the runtime would wake a thread of its own with each arrival.</param>
    public SocketConnection(Socket socket)
    {
        _socket = socket;
        (socket.NoDelay, socket.Blocking) = (true, false);
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
        var thread = new Thread(Receive) { IsBackground = true, Name = "peer" };
        _received = new Pipe(new PipeOptions(
            readerScheduler: new ThreadScheduler(thread), pauseWriterThreshold: UnreadBytes, resumeWriterThreshold: UnreadBytes / 2, minimumSegmentSize: BufferBytes,
            useSynchronizationContext: false));
        Transport = new DuplexPipe(
            _received.Reader, PipeWriter.Create(new SendingStream(socket), new StreamPipeWriterOptions(leaveOpen: true, minimumBufferSize: BufferBytes)));
        thread.UnsafeStart();
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>Who reads or writes fails.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => Close();

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync().ConfigureAwait(false);
        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        Close();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void Close()
    {
        try
        {
            // Wakes the thread that waits for it.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer was faster, or it has been closed before: there is nobody to be told.
        }

        _socket.Dispose();
    }

    private void Receive()
    {
        Exception? failure = null;
        try
        {
            while (ReceiveOnce())
            {
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            failure = new ConnectionResetException(exception.Message, exception);
        }

        _received.Writer.Complete(failure);
    }

    // Returns whether there may be more.
    private bool ReceiveOnce()
    {
        // Whoever else wants this processor goes first: what it sends then comes with one wait instead of many. On an idle processor it is the price of one empty call.
        Thread.Yield();
        if (!_socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead))
        {
            return true;
        }

        var count = _socket.Receive(_received.Writer.GetSpan(LeastRead), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        if (count == 0)
        {
            return false;
        }

        _received.Writer.Advance(count);
        ValueTask<FlushResult> flush;
        using (TurnsHere.Begin())
        {
            flush = _received.Writer.FlushAsync();
        }

        // Not completed: nobody reads.
        return !(flush.IsCompleted ? flush.Result : flush.AsTask().GetAwaiter().GetResult()).IsCompleted;
    }

    /// <summary>On the receiving thread at once; what wakes the reader elsewhere has no part in what it does then.</summary>
    private sealed class ThreadScheduler(Thread thread) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state)
        {
            if (Thread.CurrentThread == thread)
            {
                action(state);
            }
            else
            {
                ThreadPool.Schedule(action, state);
            }
        }
    }
}
