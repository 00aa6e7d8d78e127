using OrleansMqtt.Interop.Tests.Brokers;
using OrleansMqtt.Interop.Tests.Mosquitto;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Interop.Tests.Transports;

/// <summary>mosquitto_pub and mosquitto_sub over TLS.</summary>
public sealed class MosquittoTlsTests
{
    private readonly Names _names = new();

    public MosquittoTlsTests() => Tool.Require("mosquitto_pub", "mosquitto_sub", "stdbuf");

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task Messages_pass(string version)
    {
        await using var broker = await TlsBroker.StartAsync("tls");
        string[] options = ["--cafile", broker.Authority.CaFile, "--tls-version", version];
        await using var subscriber = await SubscribeAsync(broker, options);
        (await PublishAsync(broker, "over TLS", options)).ShouldExitWith(0);
        await subscriber.MessageAsync("over TLS");
    }

    [Fact]
    public async Task A_client_that_trusts_another_authority_does_not_connect()
    {
        await using var broker = await TlsBroker.StartAsync("tls");
        using var other = new OrleansMqtt.Tests.TestAuthority("other");
        Assert.NotEqual(0, (await PublishAsync(broker, "x", "--cafile", other.CaFile)).ExitCode);
    }

    [Fact]
    public async Task Clients_show_certificates_and_those_that_are_revoked_are_turned_away()
    {
        (string Certificate, string Key) good = ("", ""), bad = ("", "");
        await using var broker = await TlsBroker.StartAsync("tls", authority =>
        {
            var (_, certificate, key) = authority.IssueClient("good");
            var (revoked, badCertificate, badKey) = authority.IssueClient("bad");
            authority.Revoke(revoked);
            (good, bad) = ((certificate, key), (badCertificate, badKey));
            return [$"--Listeners:default:ClientCaFile={authority.CaFile}", $"--Listeners:default:CrlFile={authority.WriteCrl()}"];
        });
        string[] options = ["--cafile", broker.Authority.CaFile];
        string[] known = [.. options, "--cert", good.Certificate, "--key", good.Key];
        await using var subscriber = await SubscribeAsync(broker, known);
        Assert.NotEqual(0, (await PublishAsync(broker, "bare", options)).ExitCode);
        Assert.NotEqual(0, (await PublishAsync(broker, "revoked", [.. options, "--cert", bad.Certificate, "--key", bad.Key])).ExitCode);
        (await PublishAsync(broker, "known", known)).ShouldExitWith(0);
        await subscriber.MessageAsync("known");
        Assert.Equal(["known"], subscriber.Messages);
    }

    [Fact]
    public async Task A_UNIX_socket_carries_messages_too()
    {
        InteropTarget.SkipIfForeign();
        var help = await ExternalProcess.RunAsync("mosquitto_pub", ["--help"]);
        Assert.SkipUnless(help.Output.Any(static line => line.Contains("--unix", StringComparison.Ordinal)), "this mosquitto_pub knows no UNIX sockets");
        var folder = Directory.CreateTempSubdirectory("orleansmqtt-unix-");
        try
        {
            var path = Path.Combine(folder.FullName, "mqtt.sock");
            await using var gateway = await GatewayProcess.StartAsync([.. GatewayProcess.Embedded, $"--Listeners:socket:Bind=unix:{path}", "--Listeners:socket:Mode=600"]);
            (await ExternalProcess.RunAsync("mosquitto_pub", ["--unix", path, "-t", _names.Topic("unix"), "-m", "x", "-q", "1"])).ShouldExitWith(0);
            (await gateway.StopAsync()).ShouldExitWith(0);
            Assert.False(File.Exists(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<MosquittoSubscriber> SubscribeAsync(TlsBroker broker, params string[] options)
    {
        var subscriber = new MosquittoSubscriber(ExternalProcess.Start(
            "stdbuf", ["-oL", "mosquitto_sub", "-h", "localhost", "-p", broker.Address.PortText, "-d", "-V", "5", "-F", MosquittoSubscriber.Marker + "%p", "-t", _names.Topic("t"), .. options]));
        await subscriber.SubscribedAsync();
        return subscriber;
    }

    private Task<ProcessResult> PublishAsync(TlsBroker broker, string message, params string[] options) =>
        ExternalProcess.RunAsync("mosquitto_pub", ["-h", "localhost", "-p", broker.Address.PortText, "-V", "5", "-t", _names.Topic("t"), "-q", "1", "-m", message, .. options]);
}
