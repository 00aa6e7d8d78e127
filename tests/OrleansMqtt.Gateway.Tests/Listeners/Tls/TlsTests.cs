using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Messages_of_all_sizes_pass_both_ways(SslProtocols version)
    {
        await using var broker = await StartAsync();
        await using var tls = await broker.OpenTlsAsync(protocols: version);
        Assert.Equal(version, tls.SslProtocol);
        var client = TlsClients.Client(tls);
        await client.SendAsync(new ConnectPacket { ClientId = "client", CleanStart = true });
        await client.ReceiveAsync<ConnAckPacket>();
        await client.SubscribeAsync("t");
        var random = new Random(7);
        foreach (var size in (int[])[0, 1, 256, 16_000, 16_384, 16_385, 100_000, 3_000_000])
        {
            var payload = new byte[size];
            random.NextBytes(payload);
            var sending = client.SendAsync(new PublishPacket { Topic = "t", Payload = payload, QoS = QualityOfService.AtLeastOnce, PacketId = client.NextPacketId() });
            PublishPacket? received = null;
            while (received is null) received = await client.ReceiveAsync() as PublishPacket;
            Assert.True(received.Payload.Span.SequenceEqual(payload));
            await sending;
        }
    }

    [Fact]
    public async Task Many_packets_in_one_record_and_one_packet_in_many_are_the_same_to_it()
    {
        await using var broker = await StartAsync();
        var client = await broker.ConnectTlsAsync("client");
        await client.SubscribeAsync("t");
        var bytes = new List<byte>();
        for (var i = 0; i < 1000; i++) bytes.AddRange(Protocol.Codec.PacketEncoder.Encode(new PublishPacket { Topic = "t", Payload = BitConverter.GetBytes(i) }, ProtocolVersion.V50));
        var random = new Random(1);
        for (var at = 0; at < bytes.Count;)
        {
            var length = Math.Min(random.Next(1, 400), bytes.Count - at);
            await client.SendAsync(bytes.GetRange(at, length).ToArray());
            at += length;
        }
        for (var i = 0; i < 1000; i++) Assert.Equal(i, BitConverter.ToInt32((await client.ReceiveAsync<PublishPacket>()).Payload.Span));
    }

    [Fact]
    public async Task A_client_is_told_why_it_is_closed_and_the_end_of_TLS_follows()
    {
        await using var broker = await StartAsync();
        var client = await broker.ConnectTlsAsync("client");
        await broker.StopAsync();
        await client.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0001\u0005garbage that looks like a handshake's beginning and is none, long enough for anybody to say so")]
    [InlineData("\u0010\u000C\u0000\u0004MQTT\u0004\u0002\u0000\u0000\u0000\u0000")]
    public async Task Garbage_is_closed_with_one_line_in_the_log_and_others_go_on(string garbage)
    {
        var log = new CollectedLog();
        await using var broker = await StartAsync(log: log);
        var client = await broker.ConnectTlsAsync("client");
        using (var raw = new RawClient(broker))
        {
            await raw.SendAsync(Convert.ToHexString(System.Text.Encoding.Latin1.GetBytes(garbage)));
            raw.EndOutput();
            await raw.ReadToEndAsync();
        }
        Assert.Equal(1, broker.Metrics.NotOpened);
        var line = Assert.Single(log.Of(LogLevel.Information), static text => text.Contains("before its first packet"));
        Assert.Contains("127.0.0.1:9", line);
        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task Who_says_nothing_is_closed_when_the_time_to_connect_is_over()
    {
        await using var broker = await StartAsync();
        using var raw = new RawClient(broker);
        // Another client's round trip: the one before has been accepted.
        await broker.ConnectTlsAsync("client");
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        await raw.ReadToEndAsync();
    }

    [Fact]
    public async Task The_time_of_the_handshake_counts()
    {
        await using var broker = await StartAsync();
        await using var tls = await broker.OpenTlsAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(0, await tls.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Version_1_2_can_be_refused()
    {
        var (_, certificate, key) = _authority.IssueServer();
        await using var broker = await StartAsync(new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key, MinimumTls = MinimumTls.Tls13 });
        await broker.ExpectTurnedAwayAsync(protocols: SslProtocols.Tls12);
        await broker.ConnectTlsAsync("client");
    }

    [Fact]
    public async Task Version_1_1_is_refused()
    {
        await using var broker = await StartAsync();
#pragma warning disable SYSLIB0039, CA5397 // The old version is what is tested.
        await broker.ExpectTurnedAwayAsync(protocols: SslProtocols.Tls11);
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task A_load_balancers_header_comes_before_TLS()
    {
        await using var broker = await StartAsync(isBehindProxy: true);
        await broker.ConnectTlsAsync("behind", before: "PROXY TCP4 192.0.2.1 198.51.100.2 56324 8883\r\n");
        Assert.Equal("192.0.2.1:56324", broker.Services.GetRequiredService<ConnectionRegistry>().Find("behind")!.Remote);
    }

    [Fact]
    public async Task A_host_gets_its_own_certificate_and_any_other_one_that_of_all()
    {
        var (_, certificate, key) = _authority.IssueServer("all");
        var (_, own, ownKey) = _authority.IssueServer("one.example");
        var (_, wild, wildKey) = _authority.IssueServer("*.two.example");
        await using var broker = await StartAsync(new ListenerTlsOptions
        {
            CertificateFile = certificate,
            KeyFile = key,
            Certificates = new Dictionary<string, CertificateFiles> { ["One.example"] = new(own, ownKey), ["*.two.example"] = new(wild, wildKey) },
        });
        foreach (var (host, expected) in ((string, string)[])[("one.example", "CN=one.example"), ("a.two.example", "CN=*.two.example"), ("a.b.two.example", "CN=all"), ("two.example", "CN=all"), ("127.0.0.1", "CN=all")])
        {
            await using var tls = await broker.OpenTlsAsync(host: host);
            Assert.Equal(expected, tls.RemoteCertificate!.Subject);
        }
    }

    private async Task<TestBroker> StartAsync(ListenerTlsOptions? options = null, bool isBehindProxy = false, CollectedLog? log = null)
    {
        if (options is null)
        {
            var (_, certificate, key) = _authority.IssueServer();
            options = new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key };
        }
        return await TestBroker.StartAsync(
            listener: new ListenerOptions { Transport = ListenerTransport.Tls, Tls = options, ProxyProtocol = isBehindProxy },
            configure: services =>
            {
                if (log is not null) services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
            });
    }
}
