using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>A transport without sockets: both ends of a connection are pipes in this process.</summary>
public sealed class InMemoryTransport : IConnectionListenerFactory
{
    private readonly Channel<Func<ConnectionContext>> _accepted = Channel.CreateUnbounded<Func<ConnectionContext>>();

    /// <summary>Bytes that the server may write before it has to wait for the client to read.</summary>
    public int ServerToClientBuffer { get; init; } = 64 * 1024;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint, _accepted.Reader));

    /// <summary>Opens a connection and returns the client's end.</summary>
    /// <param name="address">Where the client is; by default this machine.</param>
    public IDuplexPipe Connect(IPAddress? address = null)
    {
        var toServer = new Pipe(new PipeOptions(useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(pauseWriterThreshold: ServerToClientBuffer, resumeWriterThreshold: ServerToClientBuffer / 2, useSynchronizationContext: false));
        _accepted.Writer.TryWrite(() => new Connection(new Duplex(toServer.Reader, toClient.Writer), address ?? IPAddress.Loopback));
        return new Duplex(toClient.Reader, toServer.Writer);
    }

    /// <summary>Makes the listener's next accept fail.</summary>
    public void FailAccept(Exception exception) => _accepted.Writer.TryWrite(() => throw exception);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Connection : DefaultConnectionContext
    {
        public Connection(IDuplexPipe transport, IPAddress address) : base(Guid.NewGuid().ToString()) => (Transport, RemoteEndPoint) = (transport, new IPEndPoint(address, 9));

        public override void Abort(ConnectionAbortedException abortReason)
        {
            Transport.Input.CancelPendingRead();
            Transport.Output.CancelPendingFlush();
        }
    }

    private sealed class Listener(EndPoint endPoint, ChannelReader<Func<ConnectionContext>> accepted) : IConnectionListener
    {
        private readonly CancellationTokenSource _stop = new();

        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return (await accepted.ReadAsync(_stop.Token))();
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _stop.Cancel();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            _stop.Cancel();
            return default;
        }
    }
}
