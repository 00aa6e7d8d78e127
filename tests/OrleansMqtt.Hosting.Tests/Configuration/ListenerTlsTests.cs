using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class ListenerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _certificate, _key;

    public ListenerTlsTests() => (_, _certificate, _key) = _authority.IssueServer();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_listener_has_its_certificates()
    {
        var (_, other, otherKey) = _authority.IssueServer("other.example");
        var crl = _authority.WriteCrl();
        var tls = Assert.Single(Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}", $"ClientCaFile={_authority.CaFile}", $"CrlFile={crl}", "MinimumTls=1.3", "RequireClientCertificate=false",
            $"Certificates:other.example:CertificateFile={other}", $"Certificates:other.example:KeyFile={otherKey}").Accepted().Gateway.Listeners).Tls!;
        Assert.Equal((_certificate, _key, _authority.CaFile, crl, MinimumTls.Tls13, false), (tls.CertificateFile, tls.KeyFile, tls.ClientCaFile, tls.CrlFile, tls.MinimumTls, tls.RequireClientCertificate));
        Assert.Equal(new CertificateFiles(other, otherKey), tls.Certificates["other.example"]);
    }

    [Fact]
    public void Default_lends_certificates_to_those_that_use_them()
    {
        var listeners = Reading.Of(
            $"--Listeners:default:CertificateFile={_certificate}", $"--Listeners:default:KeyFile={_key}", "--Listeners:default:Path=/broker",
            "--Listeners:a:Bind=127.0.0.1:1", "--Listeners:b:Bind=127.0.0.1:2", "--Listeners:b:Transport=wss").Accepted().Gateway.Listeners;
        Assert.Equal([null, _certificate], listeners.Select(static listener => listener.Tls?.CertificateFile));
        Assert.Equal("/broker", listeners[1].WebSocket.Path);
    }

    [Fact]
    public void Clients_must_have_a_certificate_where_an_authority_is_named() =>
        Assert.True(Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}", $"ClientCaFile={_authority.CaFile}").Accepted().Gateway.Listeners[0].Tls!.RequireClientCertificate);

    [Theory]
    [InlineData("CertificateFile", "tls, wss or quic")]
    [InlineData("KeyFile", "tls, wss or quic")]
    [InlineData("ClientCaFile", "tls, wss or quic")]
    [InlineData("CrlFile", "tls, wss or quic")]
    [InlineData("RequireClientCertificate", "tls, wss or quic")]
    [InlineData("MinimumTls", "tls, wss or quic")]
    [InlineData("Path", "ws or wss")]
    [InlineData("Origins", "ws or wss")]
    public void A_key_that_the_transport_has_no_use_for_is_refused(string key, string transports) => Assert.Equal(
        $"Listeners:a:{key} is set, but belongs to listeners with Transport {transports}; allowed here is to leave it out.",
        Read($"{key}=x").Problem);

    [Fact]
    public void Mode_belongs_to_UNIX_sockets()
    {
        Assert.Equal("Listeners:a:Mode is set, but belongs to listeners with a Bind of the form unix:/path; allowed here is to leave it out.", Read("Mode=660").Problem);
        Assert.Equal((UnixFileMode)0x1B0, Read("Bind=unix:/tmp/x.sock", "Mode=660").Accepted().Gateway.Listeners[0].Mode);
        Assert.Equal("Listeners:a:Mode is \"888\"; allowed is an octal file mode from 000 to 777.", Read("Bind=unix:/tmp/x.sock", "Mode=888").Problem);
    }

    [Fact]
    public void An_encrypted_listener_needs_both_files()
    {
        Assert.Equal("Listeners:a:CertificateFile is empty, which Transport tls needs; allowed is Listeners:a:CertificateFile and Listeners:a:KeyFile together.", Read("Transport=tls").Problem);
        Assert.Equal("Listeners:a:KeyFile is empty, which Transport wss needs; allowed is Listeners:a:CertificateFile and Listeners:a:KeyFile together.", Read("Transport=wss", $"CertificateFile={_certificate}").Problem);
    }

    [Fact]
    public void A_file_that_is_missing_or_does_not_fit_is_named()
    {
        var (_, _, other) = _authority.IssueServer("other");
        Assert.Equal("Listeners:a:CertificateFile is \"/none.pem\"; allowed is a file with a certificate in PEM.", Read("Transport=tls", "CertificateFile=/none.pem", $"KeyFile={_key}").Problem);
        Assert.Equal($"Listeners:a:KeyFile is \"{other}\"; allowed is a file with the private key, in PEM and without a password, of the certificate beside it.", Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={other}").Problem);
        Assert.Equal($"Listeners:a:ClientCaFile is \"{_key}\"; allowed is a file with one or more certificates in PEM.", Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}", $"ClientCaFile={_key}").Problem);
        Assert.StartsWith($"Listeners:a:CrlFile is \"{_key}\"; allowed is ", Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}", $"ClientCaFile={_authority.CaFile}", $"CrlFile={_key}").Problem, StringComparison.Ordinal);
        Assert.StartsWith("Listeners:a:Certificates:x.example:KeyFile is \"/none.key\"; allowed is ", Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}",
            $"Certificates:x.example:CertificateFile={_certificate}", "Certificates:x.example:KeyFile=/none.key").Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CrlFile", "x")]
    [InlineData("RequireClientCertificate", "true")]
    public void Without_an_authority_there_is_nothing_to_ask_of_clients(string key, string value) => Assert.Equal(
        $"Listeners:a:{key} is \"{value}\", but Listeners:a:ClientCaFile names no authority; allowed is to set it too.",
        Read("Transport=tls", $"CertificateFile={_certificate}", $"KeyFile={_key}", $"{key}={value}").Problem);

    [Theory]
    [InlineData("MaxConnections=-1", "Listeners:a:MaxConnections is \"-1\"; allowed is a whole number from 0 to 2147483647.")]
    [InlineData("WhenFull=Never", "Listeners:a:WhenFull is \"Never\"; allowed is Refuse or Wait.")]
    [InlineData("MountPoint=a/#", "Listeners:a:MountPoint is \"a/#\"; allowed is the beginning of a topic name, without + or #.")]
    [InlineData("Authenticators=pass word", "Listeners:a:Authenticators is \"pass word\"; allowed is names of authenticators with commas between them.")]
    [InlineData("AllowAnonymous=maybe", "Listeners:a:AllowAnonymous is \"maybe\"; allowed is true or false.")]
    [InlineData("Bnid=x", "Listeners:a:Bnid is not a known key; the nearest one is Listeners:a:Bind.")]
    public void A_wrong_value_is_named(string setting, string problem) => Assert.Equal(problem, Read(setting).Problem);

    [Theory]
    [InlineData("mqtt")]
    [InlineData("/mqtt?x=1")]
    public void A_path_begins_with_a_slash_and_ends_before_a_question(string path) =>
        Assert.Equal($"Listeners:a:Path is \"{path}\"; allowed is a path such as /mqtt.", Read("Transport=ws", $"Path={path}").Problem);

    [Fact]
    public void A_WebSocket_listener_has_its_origins()
    {
        Assert.Equal(["https://a.example", "http://b.example:8000"], Read("Transport=ws", "Origins=https://a.example, http://b.example:8000").Accepted().Gateway.Listeners[0].WebSocket.Origins);
        Assert.Equal("Listeners:a:Origins is \"a.example\"; allowed is origins such as https://example.org with commas between them.", Read("Transport=ws", "Origins=a.example").Problem);
    }

    [Fact]
    public void Doors_are_told_who_may_pass()
    {
        var listener = Read("AllowAnonymous=true", "Authenticators=", "MountPoint=site-1/", "MaxConnections=5", "WhenFull=wait").Accepted().Gateway.Listeners[0];
        Assert.Equal((true, "site-1/", 5, WhenFull.Wait), (listener.AllowAnonymous, listener.MountPoint, listener.MaxConnections, listener.WhenFull));
        Assert.Equal([], listener.Authenticators!);
    }

    [Fact]
    public void HTTP_and_a_listener_cannot_share_an_address() => Assert.Equal(
        "Http:Bind is \"127.0.0.1:8083\", which listener a has too; allowed is another address or port, or none.",
        Reading.Of("--Listeners:a:Bind=127.0.0.1:8083", "--Listeners:a:Transport=ws", "--Http:Bind=127.0.0.1:8083").Problem);

    [Fact]
    public void QUIC_and_TCP_may_have_the_same_port() =>
        Assert.Equal(2, Reading.Of("--Listeners:a:Bind=127.0.0.1:8883", "--Listeners:q:Bind=127.0.0.1:8883", "--Listeners:q:Transport=quic", $"--Listeners:q:CertificateFile={_certificate}", $"--Listeners:q:KeyFile={_key}").Accepted().Gateway.Listeners.Count);

    [Fact]
    public void QUIC_has_no_files() => Assert.Equal(
        "Listeners:a:Bind is \"unix:/tmp/x\", which Transport quic can't have; allowed is host:port.",
        Read("Transport=quic", "Bind=unix:/tmp/x", $"CertificateFile={_certificate}", $"KeyFile={_key}").Problem);

    private static Reading Read(params string[] settings) => Reading.Of([.. settings.Select(static setting => $"--Listeners:a:{setting}")]);
}
