using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Processes;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Interop.Tests.Abuse;

/// <summary>
/// A gateway process with one listener of each kind: plain for the well-behaved, TLS, WebSocket, behind a load balancer; and one where users have passwords, under an access list
/// that gives clients what bears their names.
/// </summary>
public sealed class DoorsFixture : IAsyncLifetime
{
    /// <summary>A user of the file below, and the password.</summary>
    internal const string User = "joe", Password = "secret-of-joe";

    private const string AccessList = """
        topic readwrite bystander/#
        pattern readwrite client/%c/#
        pattern readwrite user/%u/#
        pattern readwrite %c/own
        """;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private readonly TestAuthority _authority = new();
    private readonly TemporaryDirectory _directory = new();
    private ExternalProcess? _process;

    internal X509Certificate2 Authority => _authority.Certificate;

    internal BrokerAddress Plain { get; private set; } = null!;

    internal BrokerAddress Tls { get; private set; } = null!;

    internal BrokerAddress WebSocket { get; private set; } = null!;

    internal BrokerAddress Balanced { get; private set; } = null!;

    internal BrokerAddress Users { get; private set; } = null!;

    internal IReadOnlyList<string> Log => _process!.Errors;

    public async ValueTask InitializeAsync()
    {
        var (_, certificate, key) = _authority.IssueServer();
        var passwords = _directory.File("users");
        await File.WriteAllTextAsync(passwords, "");
        (await ExternalProcess.RunAsync("mosquitto_passwd", ["-b", passwords, User, Password])).ShouldExitWith(0);
        var accessList = _directory.File("acl");
        await File.WriteAllTextAsync(accessList, AccessList);
        BrokerAddress[] addresses = [.. FreePort.Take(5).Select(static port => new BrokerAddress("127.0.0.1", port))];
        (Plain, Tls, WebSocket, Balanced, Users) = (addresses[0], addresses[1], addresses[2], addresses[3], addresses[4]);
        _process = GatewayProcess.Launch(
            [
                "--Store:Path=memory", "--Http:Bind=none", "--Limits:ConnectTimeoutSeconds=2", "--Authentication:FailureDelayMilliseconds=0", "--Logging:LogLevel:Default=Information",
                $"--Authentication:PasswordFile={passwords}", $"--Authorization:AclFile={accessList}",
                .. Listener("plain", Plain, "tcp"), "--Listeners:plain:Authenticators=", "--Listeners:plain:AllowAnonymous=true",
                .. Listener("tls", Tls, "tls"), $"--Listeners:tls:CertificateFile={certificate}", $"--Listeners:tls:KeyFile={key}", "--Listeners:tls:AllowAnonymous=true",
                .. Listener("ws", WebSocket, "ws"), "--Listeners:ws:AllowAnonymous=true",
                .. Listener("balanced", Balanced, "tcp"), "--Listeners:balanced:ProxyProtocol=true", "--Listeners:balanced:AllowAnonymous=true",
                .. Listener("users", Users, "tcp"),
            ],
            lifetime: Lifetime);
        await _process.LineAsync("listening on");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _authority.Dispose();
        _directory.Dispose();
    }

    private static IEnumerable<string> Listener(string name, BrokerAddress address, string transport) =>
        [string.Create(CultureInfo.InvariantCulture, $"--Listeners:{name}:Bind={address.Host}:{address.Port}"), $"--Listeners:{name}:Transport={transport}"];
}
