using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Listeners.Tls;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners.Tls;

public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _foreign = new();

    public void Dispose()
    {
        _authority.Dispose();
        _foreign.Dispose();
    }

    [Fact]
    public async Task Who_has_a_certificate_of_the_authority_is_let_in_and_nobody_else()
    {
        var log = new CollectedLog();
        await using var broker = await StartAsync(Options(), log);
        var (good, _, _) = _authority.IssueClient("good");
        await broker.ConnectTlsAsync("good", good);
        await broker.ExpectTurnedAwayAsync();
        // An authority of the same name is another one.
        await broker.ExpectTurnedAwayAsync(_foreign.IssueClient("foreign").Certificate);
        // A certificate of the authority that is not for clients.
        await broker.ExpectTurnedAwayAsync(_authority.IssueServer("server").Certificate);
        await broker.ConnectTlsAsync("again", good);
        Assert.Contains(log.Of(LogLevel.Information), static line => line.EndsWith("it has no certificate", StringComparison.Ordinal));
        Assert.Contains(log.Of(LogLevel.Information), static line => line.Contains("its certificate is not accepted"));
    }

    [Fact]
    public async Task A_certificate_that_need_not_be_is_checked_all_the_same()
    {
        await using var broker = await StartAsync(Options() with { RequireClientCertificate = false });
        await broker.ConnectTlsAsync("bare");
        await broker.ConnectTlsAsync("good", _authority.IssueClient("good").Certificate);
        await broker.ExpectTurnedAwayAsync(_foreign.IssueClient("foreign").Certificate);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_that_comes_again_in_its_former_session_of_TLS_is_checked_again(SslProtocols version)
    {
        var (client, _, _) = _authority.IssueClient("client");
        await using var broker = await StartAsync(Options() with { CrlFile = _authority.WriteCrl() });
        for (var i = 0; i < 3; i++)
        {
            await using var tls = await broker.OpenTlsAsync(client, protocols: version);
            var mqtt = TlsClients.Client(tls);
            await mqtt.SendAsync(new Protocol.Packets.ConnectPacket { ClientId = "client", CleanStart = true });
            await mqtt.ReceiveAsync<Protocol.Packets.ConnAckPacket>();
        }
        _authority.Revoke(client);
        _authority.WriteCrl();
        broker.Time.Advance(WatchedCertificates.Period);
        await broker.ExpectTurnedAwayAsync(client, protocols: version);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_revoked_certificate_is_no_certificate(bool asPem, bool isRsa)
    {
        using var authority = new TestAuthority("authority", isRsa);
        var (_, certificate, key) = authority.IssueServer();
        var ((good, _, _), (bad, _, _)) = (authority.IssueClient("good"), authority.IssueClient("bad"));
        authority.Revoke(bad);
        var log = new CollectedLog();
        await using var broker = await StartAsync(new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key, ClientCaFile = authority.CaFile, CrlFile = authority.WriteCrl(asPem) }, log);
        await broker.ExpectTurnedAwayAsync(bad);
        await broker.ConnectTlsAsync("good", good);
        Assert.Contains(log.Of(LogLevel.Information), static line => line.EndsWith("its certificate is revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_authorities_stand_in_one_file_and_their_lists_in_another()
    {
        using var other = new TestAuthority("other");
        var bundle = _authority.Write("bundle.pem", File.ReadAllText(_authority.CaFile) + "\n" + File.ReadAllText(other.CaFile));
        var ((first, _, _), (second, _, _), (bad, _, _)) = (_authority.IssueClient("first"), other.IssueClient("second"), other.IssueClient("bad"));
        other.Revoke(bad);
        var lists = _authority.Write("lists.pem", File.ReadAllText(_authority.WriteCrl()) + "\n" + File.ReadAllText(other.WriteCrl()));
        await using var broker = await StartAsync(Options() with { ClientCaFile = bundle, CrlFile = lists });
        await broker.ConnectTlsAsync("first", first);
        await broker.ConnectTlsAsync("second", second);
        await broker.ExpectTurnedAwayAsync(bad);
    }

    [Fact]
    public void A_list_that_another_authority_has_signed_does_not_fit()
    {
        var problem = Assert.Throws<CertificateException>(() => (Options() with { CrlFile = _foreign.WriteCrl() }).Check());
        Assert.Equal("CrlFile", problem.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n")]
    public void What_is_no_list_does_not_fit(string text) => Assert.Throws<CertificateException>(() => (Options() with { CrlFile = _authority.Write("bad", text) }).Check());

    [Fact]
    public void A_list_that_has_been_changed_does_not_fit()
    {
        _authority.Revoke(_authority.IssueClient("bad").Certificate);
        var der = File.ReadAllBytes(_authority.WriteCrl(asPem: false));
        for (var i = 0; i < der.Length; i += 7)
        {
            var changed = (byte[])der.Clone();
            changed[i] ^= 0x10;
            File.WriteAllBytes(_authority.Path("changed"), changed);
            Assert.Throws<CertificateException>(() => (Options() with { CrlFile = _authority.Path("changed") }).Check());
        }
    }

    private static Task<TestBroker> StartAsync(ListenerTlsOptions options, CollectedLog? log = null) => TestBroker.StartAsync(
        listener: new ListenerOptions { Transport = ListenerTransport.Tls, Tls = options },
        configure: services =>
        {
            if (log is not null) services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        });

    private ListenerTlsOptions Options()
    {
        var (_, certificate, key) = _authority.IssueServer();
        return new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key, ClientCaFile = _authority.CaFile };
    }
}
