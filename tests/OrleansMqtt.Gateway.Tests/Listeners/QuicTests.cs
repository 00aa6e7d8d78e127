using System.IO.Pipelines;
using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners;

[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
public sealed class QuicTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly CollectedLog _log = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Packets_travel_by_the_one_stream_of_a_connection()
    {
        Assert.SkipUnless(QuicListener.IsSupported, "this machine has no msquic");
        await using var broker = await StartAsync();
        await using var connection = await ConnectAsync(broker, "mqtt");
        await using var stream = await OpenStreamAsync(connection);
        var client = new TestClient(new StreamPipe(stream), ProtocolVersion.V50);
        await client.SendAsync(new ConnectPacket { ClientId = "quic", CleanStart = true });
        await client.ReceiveAsync<ConnAckPacket>();
        await client.SubscribeAsync("t");
        foreach (var size in (int[])[0, 256, 300_000])
        {
            await client.PublishAsync("t", new string('x', size));
            Assert.Equal(size, (await client.ReceivePublishAsync()).Payload.Length);
        }
        await client.DisconnectAsync();
    }

    [Fact]
    public async Task Another_application_is_turned_away()
    {
        Assert.SkipUnless(QuicListener.IsSupported, "this machine has no msquic");
        await using var broker = await StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(broker, "h3"));
    }

    [Fact]
    public async Task Without_msquic_the_listener_is_left_out_and_the_others_listen()
    {
        Assert.SkipWhen(QuicListener.IsSupported, "this machine has msquic");
        await using var broker = await StartAsync(new ListenerOptions { Name = "tcp" });
        Assert.Equal("tcp", Assert.Single(broker.Services.GetRequiredService<MqttGateway>().Listeners).Name);
        Assert.Single(_log.Of(LogLevel.Warning), static line => line.Contains("msquic"));
        await broker.ConnectAsync("client");
    }

    [Fact]
    public async Task Without_msquic_and_another_listener_nothing_starts()
    {
        Assert.SkipWhen(QuicListener.IsSupported, "this machine has msquic");
        Assert.Contains("msquic", (await Assert.ThrowsAsync<NoListenerException>(() => StartAsync())).Message);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<TestBroker> StartAsync(params IEnumerable<ListenerOptions> others)
    {
        var (_, certificate, key) = _authority.IssueServer();
        var quic = new ListenerOptions { Name = "quic", Transport = ListenerTransport.Quic, Bind = new IPEndPoint(IPAddress.Loopback, 0), Tls = new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key } };
        return TestBroker.StartAsync(listeners: [quic, .. others], configure: services => services.AddLogging(logging => logging.AddProvider(_log)));
    }

    private static async Task<QuicConnection> ConnectAsync(TestBroker broker, string application)
    {
        if (!QuicConnection.IsSupported) throw new PlatformNotSupportedException();
        return await QuicConnection.ConnectAsync(
            new QuicClientConnectionOptions
            {
                RemoteEndPoint = broker.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint,
                DefaultStreamErrorCode = 0,
                DefaultCloseErrorCode = 0,
                ClientAuthenticationOptions = new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ApplicationProtocols = [new SslApplicationProtocol(application)],
                    RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
                },
            },
            Cancel);
    }

    private static ValueTask<QuicStream> OpenStreamAsync(QuicConnection connection) =>
        QuicConnection.IsSupported ? connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Cancel) : throw new PlatformNotSupportedException();

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }
}
