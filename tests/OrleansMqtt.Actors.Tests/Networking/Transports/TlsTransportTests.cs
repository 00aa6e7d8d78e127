using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Tests.Networking.Support;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Networking.Transports;

public class TlsTransportTests
{
    private static readonly Certificates Ours = new();
    private static readonly Certificates Theirs = new();

    [Fact]
    public async Task Members_with_certificates_of_the_clusters_authority_reach_each_other() =>
        Assert.Null(await EndOfAsync(Ours.Options(), Ours.Options()));

    [Fact]
    public async Task A_client_certificate_of_another_authority_is_refused() =>
        Assert.NotNull(await EndOfAsync(Ours.Options(), Theirs.Options() with { Authorities = Ours.Options().Authorities }));

    [Fact]
    public async Task A_server_certificate_of_another_authority_is_refused() =>
        Assert.NotNull(await EndOfAsync(Theirs.Options() with { Authorities = Ours.Options().Authorities }, Ours.Options()));

    [Fact]
    public async Task A_server_certificate_of_another_name_is_refused() =>
        Assert.NotNull(await EndOfAsync(Ours.Options("mail.example"), Ours.Options()));

    [Fact]
    public async Task Without_a_name_the_address_counts() =>
        Assert.Null(await EndOfAsync(Ours.Options("mail.example"), Ours.Options() with { ServerName = null }));

    [Fact]
    public async Task One_without_TLS_does_not_get_in() => Assert.NotNull(await EndOfAsync(Ours.Options(), null));

    [Fact]
    public async Task One_with_TLS_does_not_take_one_without_for_a_silo() => Assert.NotNull(await EndOfAsync(null, Ours.Options()));

    /// <summary>Why a request to a silo fails; null if it is answered.</summary>
    private static async Task<ConnectionEnd?> EndOfAsync(TlsOptions? silo, TlsOptions? client)
    {
        var time = new ManualTime();
        var receiver = new Receiver();
        var sockets = new SocketTransport();
        await using var listening = Network(silo, new Receiver { Handle = Receiver.Echo });
        var endPoint = await listening.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);
        listening.Start(Wire.Silo);
        await using var connecting = Network(client, receiver);
        connecting.Start(PeerIdentity.OfClient("client"));

        var connection = connecting.ConnectionTo(PeerTarget.AnySiloAt(endPoint));
        // One that is refused may have ended already.
        if (connection.Request(1) != SendResult.Accepted) await connection.Completion;
        var answered = receiver.FrameAsync().AsTask();
        await Task.WhenAny(answered, connection.Completion);
        return answered.IsCompleted ? null : receiver.Ends.Single();

        PeerNetwork Network(TlsOptions? tls, Receiver receiver) => new(
            "blue", tls is null ? sockets : new TlsTransport(sockets, tls), receiver, new NetworkOptions(), time, NullLogger.Instance);
    }
}
