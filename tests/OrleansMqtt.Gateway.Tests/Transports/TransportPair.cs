using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Transports.Epoll;

namespace OrleansMqtt.Gateway.Tests.Transports;

/// <summary>A connection of the transport under test and a plain socket at its other end.</summary>
internal sealed class TransportPair(TransportPair.Listening listening, ConnectionContext server, NetworkStream peer) : IAsyncDisposable
{
    public ConnectionContext Server => server;

    public NetworkStream Peer => peer;

    public PipeReader Input => server.Transport.Input;

    public PipeWriter Output => server.Transport.Output;

    public static async Task<TransportPair> OpenAsync(SocketEngine engine, EndPoint? endPoint = null)
    {
        var listening = await ListenAsync(engine, endPoint ?? new IPEndPoint(IPAddress.Loopback, 0));
        var peer = await ConnectAsync(listening.EndPoint);
        return new TransportPair(listening, (await listening.Listener.AcceptAsync())!, peer);
    }

    public static IConnectionListenerFactory Factory(SocketEngine engine) => engine == SocketEngine.Epoll && OperatingSystem.IsLinux()
        ? new EpollTransportFactory(2)
        : new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

    public static async Task<Listening> ListenAsync(SocketEngine engine, EndPoint endPoint)
    {
        var factory = Factory(engine);
        try
        {
            return new Listening(factory, await factory.BindAsync(endPoint));
        }
        catch
        {
            (factory as IDisposable)?.Dispose();
            throw;
        }
    }

    public static async Task<NetworkStream> ConnectAsync(EndPoint endPoint)
    {
        var socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public Task SendAsync(string text) => SendAsync(System.Text.Encoding.ASCII.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await peer.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Reads until <paramref name="count"/> bytes are there; nothing is consumed, all of it examined but for the last look.</summary>
    public async Task<ReadOnlySequence<byte>> ReadAsync(int count)
    {
        while (true)
        {
            var result = await Input.ReadAsync(TestContext.Current.CancellationToken);
            if (result.Buffer.Length >= count) return result.Buffer;
            Assert.False(result.IsCompleted);
            Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await peer.DisposeAsync();
        await server.DisposeAsync();
        await listening.DisposeAsync();
    }

    /// <summary>A transport with one open listener.</summary>
    internal sealed class Listening(IConnectionListenerFactory factory, IConnectionListener listener) : IAsyncDisposable
    {
        public IConnectionListener Listener => listener;

        public EndPoint EndPoint => listener.EndPoint;

        /// <summary>Accepts until unbound; sends back what each connection brings.</summary>
        public async Task EchoAllAsync()
        {
            var echoes = new List<Task>();
            while (await listener.AcceptAsync() is { } connection) echoes.Add(EchoAsync(connection));
            await Task.WhenAll(echoes);
        }

        private static async Task EchoAsync(ConnectionContext connection)
        {
            await using (connection)
                while (true)
                {
                    var read = await connection.Transport.Input.ReadAsync();
                    foreach (var segment in read.Buffer) connection.Transport.Output.Write(segment.Span);
                    connection.Transport.Input.AdvanceTo(read.Buffer.End);
                    await connection.Transport.Output.FlushAsync();
                    if (read.IsCompleted) return;
                }
        }

        public async ValueTask DisposeAsync()
        {
            await listener.DisposeAsync();
            (factory as IDisposable)?.Dispose();
        }
    }
}
