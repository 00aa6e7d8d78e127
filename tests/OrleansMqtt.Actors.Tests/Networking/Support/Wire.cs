using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Tests.Networking.Support;

/// <summary>Connections without a network around them.</summary>
internal static class Wire
{
    public static readonly PeerIdentity Silo = PeerIdentity.OfSilo(SiloAddress.New(IPAddress.Loopback, 1, 1));

    public static async Task<(ConnectionContext Near, ConnectionContext Far)> ConnectAsync()
    {
        var network = new MemoryNetwork();
        var there = new IPEndPoint(IPAddress.Loopback, 1);
        var transport = network.From(new IPEndPoint(IPAddress.Loopback, 2));
        var listener = await transport.ListenAsync(there, TestContext.Current.CancellationToken);
        var near = await transport.ConnectAsync(there, TestContext.Current.CancellationToken);
        return (near, (await listener.AcceptAsync(TestContext.Current.CancellationToken))!);
    }

    public static PeerConnection Open(ConnectionContext context, Receiver receiver, NetworkOptions? options = null)
    {
        var connection = New(receiver, options);
        Assert.True(connection.TryOpen(context, Silo));
        _ = connection.RunAsync();
        return connection;
    }

    public static PeerConnection New(Receiver receiver, NetworkOptions? options = null) =>
        new("a peer", options ?? new NetworkOptions(), receiver, NullLogger.Instance);

    /// <summary>An open connection, whose other end is in the test's hand.</summary>
    public static async Task<(PeerConnection Connection, RawPeer Peer)> OpenRawAsync(Receiver receiver, NetworkOptions? options = null)
    {
        var (near, far) = await ConnectAsync();
        return (Open(near, receiver, options), new RawPeer(far));
    }

    public static SendResult Request(this PeerConnection connection, long correlation, int length = 0) =>
        connection.Send(FrameKind.Request, correlation, new BytesBody(new byte[length]), correlation);

    public static SendResult OneWay(this PeerConnection connection, long correlation, int length = 0) =>
        connection.Send(FrameKind.OneWay, correlation, new BytesBody(new byte[length]), correlation);
}
