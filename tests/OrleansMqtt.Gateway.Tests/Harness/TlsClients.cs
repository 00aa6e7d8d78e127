using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Clients of a <see cref="TestBroker"/> whose listener is encrypted.</summary>
internal static class TlsClients
{
    /// <summary>Opens a connection and does the handshake. Any certificate of the server will do; see <see cref="SslStream.RemoteCertificate"/>.</summary>
    public static async Task<SslStream> OpenTlsAsync(
        this TestBroker broker, X509Certificate2? certificate = null, string host = "localhost", SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13, string before = "")
    {
        var pipe = broker.Transport.Connect();
        if (before.Length > 0) await pipe.Output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(before));
        var tls = new SslStream(new DuplexStream(pipe));
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        await tls.AuthenticateAsClientAsync(client, guard.Token);
        return tls;
    }

    /// <summary>A client that speaks MQTT over a stream.</summary>
    public static TestClient Client(Stream stream, ProtocolVersion version = ProtocolVersion.V50) => new(new StreamPipe(stream), version);

    /// <summary>Connects to the end.</summary>
    public static async Task<TestClient> ConnectTlsAsync(this TestBroker broker, string clientId, X509Certificate2? certificate = null, string before = "")
    {
        var client = Client(await broker.OpenTlsAsync(certificate, before: before));
        await client.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true });
        Assert.Equal(ReasonCode.Success, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        return client;
    }

    /// <summary>The server turns the client away, in the handshake or, as 1.3 has it, behind it.</summary>
    public static async Task ExpectTurnedAwayAsync(this TestBroker broker, X509Certificate2? certificate = null, string host = "localhost", SslProtocols protocols = SslProtocols.None)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var tls = await broker.OpenTlsAsync(certificate, host, protocols);
            Assert.Equal(0, await tls.ReadAsync(new byte[1], guard.Token));
        });
        Assert.True(failure is null or AuthenticationException or IOException, failure?.ToString());
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }
}
