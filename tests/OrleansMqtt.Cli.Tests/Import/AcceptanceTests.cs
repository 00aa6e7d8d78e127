using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansMqtt.Cli.Import;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Gateways.Configuration;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security.Certificates;

namespace OrleansMqtt.Cli.Tests.Import;

/// <summary>What comes out of an import is what a gateway can be started with.</summary>
public sealed class AcceptanceTests : IDisposable
{
    private const string Hash = "$7$101$qPU7S+X0bU/Hr5sh$8KtRZJQQsqiFeureDRxLaj0VleFE+D0lwnmKGx3q0sk1fM04nvy20zv8BeHSNqbbZREnumhVvzTxxIE+RxZM/g==";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleansmqtt-import-");

    [Fact]
    public void A_gateway_takes_all_that_was_made()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=broker.example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        var (pem, pemKey) = (Write("broker.pem", certificate.ExportCertificatePem()), Write("broker.key", key.ExportPkcs8PrivateKeyPem()));

        var settings = Accepted($"""
            allow_anonymous false
            password_file {Write("users", "joe:" + Hash)}
            acl_file {Write("acl", "user joe\ntopic readwrite a/#\npattern read users/%u/#")}
            max_packet_size 100000
            max_inflight_messages 30
            max_inflight_bytes 0
            max_queued_messages 0
            max_queued_bytes 5000000
            max_keepalive 600
            memory_limit 1000000000
            message_size_limit 0
            persistent_client_expiration 2w
            retain_available false
            sys_interval 30
            persistence true
            log_type all

            listener 1883 127.0.0.1
            max_connections 100
            mount_point site/
            max_qos 1
            max_topic_alias 5

            listener 8883 127.0.0.1
            certfile {pem}
            keyfile {pemKey}
            cafile {pem}
            require_certificate true
            use_identity_as_username true
            tls_version tlsv1.3
            max_qos 1
            max_topic_alias 5

            listener 8080 127.0.0.1
            protocol websockets
            max_qos 1
            max_topic_alias 5

            listener 8081 127.0.0.1
            protocol websockets
            certfile {pem}
            keyfile {pemKey}
            max_qos 1
            max_topic_alias 5

            listener 0 /run/mosquitto.sock
            max_qos 1
            max_topic_alias 5
            """);

        var listeners = settings.Gateway.Listeners.ToDictionary(static listener => listener.Name);
        Assert.Equal(["tcp-1883", "tcp-unix", "tls-8883", "ws-8080", "wss-8081"], listeners.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("site/", 100, ListenerTransport.Tcp), (listeners["tcp-1883"].MountPoint, listeners["tcp-1883"].MaxConnections, listeners["tcp-1883"].Transport));
        Assert.Equal((pem, pemKey, pem, true, MinimumTls.Tls13), (
            listeners["tls-8883"].Tls!.CertificateFile, listeners["tls-8883"].Tls!.KeyFile, listeners["tls-8883"].Tls!.ClientCaFile, listeners["tls-8883"].Tls!.RequireClientCertificate,
            listeners["tls-8883"].Tls!.MinimumTls));
        Assert.Equal(["certificate"], listeners["tls-8883"].Authenticators!);
        Assert.Equal(["password"], listeners["wss-8081"].Authenticators!);
        Assert.Equal("/run/mosquitto.sock", listeners["tcp-unix"].Bind.ToString());
        Assert.Equal(CertificateName.CommonName, settings.Authenticators.Certificates!.UserName);
        Assert.Equal(["certificate", "password"], settings.Authenticators.Names);
        Assert.Equal(["acl"], settings.Authorizers.Names);
        var limits = settings.Gateway.Limits;
        Assert.Equal((100_000u, (ushort)600, QualityOfService.AtLeastOnce, false, 1_000_000_000L, (ushort)5), (
            limits.MaxPacketBytes, limits.MaxKeepAliveSeconds, limits.MaxQoS, limits.RetainAvailable, limits.MaxMemoryBytes, limits.TopicAliasMaximum));
        Assert.Equal((30, long.MaxValue, int.MaxValue, 5_000_000L, 1_209_600u), (
            limits.Session.MaxInflightMessages, limits.Session.MaxInflightBytes, limits.Session.MaxQueuedMessages, limits.Session.MaxQueuedBytes, limits.Session.MaxSessionExpirySeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), settings.Gateway.SysInterval);
    }

    [Theory]
    [InlineData("")]
    [InlineData("per_listener_settings true\nlistener 1883 ::1\nallow_anonymous true\nlistener 1884 127.0.0.1\npassword_file {0}")]
    [InlineData("allow_anonymous true\nlistener 1883\nlistener 1884 10.0.0.1")]
    public void And_of_smaller_ones(string text) => Accepted(text.Replace("{0}", Write("users", "joe:" + Hash), StringComparison.Ordinal));

    /// <summary>The example that comes with the package, in which nothing is set.</summary>
    [Fact]
    public void And_of_the_packages_example()
    {
        const string Example = "/usr/share/doc/mosquitto/examples/mosquitto.conf";
        Assert.SkipUnless(File.Exists(Example), $"{Example} is not there");
        Assert.Single(Accepted(File.ReadAllText(Example)).Gateway.Listeners);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private GatewaySettings Accepted(string text)
    {
        var json = MosquittoImport.Of(MosquittoFile.Read(Write("mosquitto.conf", text))).Json;
        using var configuration = new ConfigurationManager();
        configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        var reader = new SettingsReader(configuration);
        var settings = GatewaySettings.Read(reader, configuration);
        Assert.True(reader.Problem is null, $"{reader.Problem}\n{json}");
        return settings;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
