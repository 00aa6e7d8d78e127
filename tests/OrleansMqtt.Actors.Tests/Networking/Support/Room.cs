using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Support;

/// <summary>Where peers of a test meet: memory, loopback sockets, or TLS over those; and their clock.</summary>
internal sealed class Room(string kind) : IAsyncDisposable
{
    private static readonly Certificates Authority = new();

    private readonly SocketTransport _sockets = new();
    private readonly List<Peer> _peers = [];
    private int _origins = 30_000;

    public MemoryNetwork Memory { get; } = new();

    public ManualTime Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public ITransport TransportFrom(EndPoint origin) => kind switch
    {
        "memory" => Memory.From(origin),
        "tcp" => _sockets,
        "tls" => new TlsTransport(_sockets, Authority.Options()),
        _ => throw new ArgumentOutOfRangeException(nameof(origin), kind, "No such transport."),
    };

    /// <summary>A silo that answers requests with their own bodies.</summary>
    public async Task<Peer> SiloAsync(int generation = 1, EndPoint? at = null, NetworkOptions? options = null, string cluster = "blue")
    {
        var origin = NewOrigin();
        var receiver = new Receiver { Handle = Receiver.Echo };
        var network = new PeerNetwork(cluster, TransportFrom(at ?? origin), receiver, options ?? new NetworkOptions(), Time, Log);
        var endPoint = (IPEndPoint)await network.BindAsync(at ?? (kind == "memory" ? origin : new IPEndPoint(IPAddress.Loopback, 0)));
        var silo = SiloAddress.New(endPoint, generation);
        network.Start(PeerIdentity.OfSilo(silo));
        return Add(new Peer(network, receiver, silo, PeerIdentity.OfSilo(silo)));
    }

    /// <summary>A client, likewise.</summary>
    public Peer Client(string name = "client", NetworkOptions? options = null, string cluster = "blue", EndPoint? from = null)
    {
        var receiver = new Receiver { Handle = Receiver.Echo };
        var network = new PeerNetwork(cluster, TransportFrom(from ?? NewOrigin()), receiver, options ?? new NetworkOptions(), Time, Log);
        network.Start(PeerIdentity.OfClient(name));
        return Add(new Peer(network, receiver, SiloAddress.Zero, PeerIdentity.OfClient(name)));
    }

    public IPEndPoint NewOrigin() => new(IPAddress.Loopback, Interlocked.Increment(ref _origins));

    /// <summary>Lets time pass until something has happened: for what starts its clock at a moment that the test cannot see.</summary>
    public async Task AdvanceUntilAsync(Task happened, TimeSpan step)
    {
        while (!happened.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Time.Advance(step);
            await Task.Yield();
        }

        await happened;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.Network.DisposeAsync();
        }

    }

    private Peer Add(Peer peer)
    {
        _peers.Add(peer);
        return peer;
    }

    internal sealed record Peer(PeerNetwork Network, Receiver Receiver, SiloAddress Silo, PeerIdentity Self);
}
