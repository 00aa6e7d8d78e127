using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Listeners.WebSockets;

public sealed class WebSocketTests
{
    private static readonly byte[] Connect = PacketEncoder.Encode(new ConnectPacket { ClientId = "client", CleanStart = true }, ProtocolVersion.V50);
    private static readonly byte[] Ping = PacketEncoder.Encode(PingReqPacket.Instance, ProtocolVersion.V50);

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    [Normative("3.1.1", "MQTT-6.0.0-1")]
    [Normative("3.1.1", "MQTT-6.0.0-3")]
    [Normative("3.1.1", "MQTT-6.0.0-4")]
    [Normative("5.0", "MQTT-6.0.0-1")]
    [Normative("5.0", "MQTT-6.0.0-3")]
    [Normative("5.0", "MQTT-6.0.0-4")]
    public async Task Messages_of_all_sizes_pass_both_ways(ProtocolVersion version)
    {
        await using var broker = await StartAsync();
        var client = WebSocketClients.Client(await broker.OpenWebSocketAsync(), version);
        await client.SendAsync(new ConnectPacket { Version = version, ClientId = "client", CleanStart = true });
        await client.ReceiveAsync<ConnAckPacket>();
        await client.SubscribeAsync("t");
        var random = new Random(7);
        foreach (var size in (int[])[0, 1, 125, 126, 256, 16_384, 65_535, 65_536, 3_000_000])
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
    [Normative("5.0", "MQTT-6.0.0-2")]
    public async Task Packets_are_cut_into_messages_and_messages_into_frames_anyhow()
    {
        await using var broker = await StartAsync();
        using var socket = await broker.OpenWebSocketAsync();
        List<byte> bytes = [.. Connect, .. PacketEncoder.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "t" }] }, ProtocolVersion.V50)];
        for (var i = 0; i < 300; i++) bytes.AddRange(PacketEncoder.Encode(new PublishPacket { Topic = "t", Payload = BitConverter.GetBytes(i) }, ProtocolVersion.V50));
        const int seed = 11;
        var random = new Random(seed);
        for (var at = 0; at < bytes.Count;)
        {
            var length = Math.Min(random.Next(0, 60), bytes.Count - at);
            await socket.SendAsync(bytes.GetRange(at, length).ToArray(), WebSocketMessageType.Binary, endOfMessage: random.Next(3) == 0, TestContext.Current.CancellationToken);
            at += length;
        }
        var client = WebSocketClients.Client(socket);
        await client.ReceiveAsync<ConnAckPacket>();
        await client.ReceiveAsync<SubAckPacket>();
        for (var i = 0; i < 300; i++) Assert.Equal(i, BitConverter.ToInt32((await client.ReceiveAsync<PublishPacket>()).Payload.Span));
    }

    [Fact]
    public async Task Bytes_right_behind_the_request_are_not_lost()
    {
        await using var broker = await StartAsync();
        await using var stream = new DuplexStream(broker.Transport.Connect());
        // A masked binary frame; a mask of zeroes changes nothing.
        byte[] frame = [0x82, (byte)(0x80 | Connect.Length), 0, 0, 0, 0, .. Connect];
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(WebSocketClients.Request()), .. frame], TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 101 ", await WebSocketClients.ReadAnswerAsync(stream), StringComparison.Ordinal);
        var answer = new byte[3];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal((0x82, 0x20), (answer[0], answer[2]));
    }

    [Fact]
    public async Task What_goes_out_together_is_one_message()
    {
        await using var broker = await StartAsync();
        using var socket = await broker.OpenWebSocketAsync();
        await SendAsync(socket, Connect);
        var buffer = new byte[1000];
        await ReceiveAsync(socket, buffer);
        await SendAsync(socket, [.. Ping, .. Ping, .. Ping]);
        var received = await ReceiveAsync(socket, buffer);
        Assert.Equal((6, true), (received.Count, received.EndOfMessage));
    }

    [Fact]
    public async Task A_ping_is_answered_with_a_pong()
    {
        await using var broker = await StartAsync();
        await using var stream = new DuplexStream(broker.Transport.Connect());
        await WebSocketClients.OpenWebSocketAsync(stream);
        await stream.WriteAsync((byte[])[0x89, 0x82, 0, 0, 0, 0, 1, 2], TestContext.Current.CancellationToken);
        var pong = new byte[4];
        await stream.ReadExactlyAsync(pong, TestContext.Current.CancellationToken);
        Assert.Equal([0x8A, 2, 1, 2], pong);
    }

    [Fact]
    [Normative("5.0", "MQTT-6.0.0-1")]
    public async Task A_text_message_is_closed_with_1003()
    {
        var log = new CollectedLog();
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { Transport = ListenerTransport.Ws }, configure: services => services.AddLogging(logging => logging.AddProvider(log)));
        using var socket = await broker.OpenWebSocketAsync();
        await SendAsync(socket, Connect);
        await ReceiveAsync(socket, new byte[1000]);
        await socket.SendAsync(Ping, WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        await ExpectCloseAsync(socket, WebSocketCloseStatus.InvalidMessageType);
        await broker.StopAsync();
        Assert.Single(log.Of(LogLevel.Warning), static line => line.Contains("client") && line.Contains("it sent a text message"));
    }

    [Theory]
    [InlineData("8202000000000000")] // Not masked.
    [InlineData("83820000000000")] // An opcode that is none.
    [InlineData("C2820000000000")] // A bit that is reserved.
    [InlineData("80820000000000")] // It goes on with nothing.
    public async Task A_breach_of_the_protocol_is_closed_with_1002_and_others_go_on(string frame)
    {
        await using var broker = await StartAsync();
        await using var stream = new DuplexStream(broker.Transport.Connect());
        await WebSocketClients.OpenWebSocketAsync(stream);
        await stream.WriteAsync(Convert.FromHexString(frame), TestContext.Current.CancellationToken);
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest, guard.Token);
        Assert.Equal([0x88, 2, 0x03, 0xEA], rest.ToArray());
        var client = WebSocketClients.Client(await broker.OpenWebSocketAsync());
        await client.SendAsync(new ConnectPacket { ClientId = "other", CleanStart = true });
        await client.ReceiveAsync<ConnAckPacket>();
    }

    [Fact]
    public async Task A_close_is_answered()
    {
        await using var broker = await StartAsync();
        using var socket = await broker.OpenWebSocketAsync();
        await SendAsync(socket, Connect);
        await ReceiveAsync(socket, new byte[1000]);
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, guard.Token);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task The_broker_closes_as_WebSockets_do()
    {
        await using var broker = await StartAsync();
        using var socket = await broker.OpenWebSocketAsync();
        await SendAsync(socket, Connect);
        await ReceiveAsync(socket, new byte[1000]);
        await SendAsync(socket, PacketEncoder.Encode(new DisconnectPacket(), ProtocolVersion.V50));
        await ExpectCloseAsync(socket, WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [InlineData("mqtt", "mqtt")]
    [InlineData("mqttv3.1", "mqttv3.1")]
    [InlineData("mqttv3.1, mqtt", "mqtt")]
    [InlineData("chat, mqtt", "mqtt")]
    public async Task The_subprotocol_is_one_that_the_client_names(string asked, string given)
    {
        await using var broker = await StartAsync();
        Assert.Contains($"\r\nSec-WebSocket-Protocol: {given}\r\n", await AnswerAsync(broker, WebSocketClients.Request(subprotocol: asked)));
    }

    [Theory]
    [InlineData("/", "mqtt", "", "13", 404)]
    [InlineData("/MQTT", "mqtt", "", "13", 404)]
    [InlineData("/mqtt", "", "", "13", 400)]
    [InlineData("/mqtt", "chat", "", "13", 400)]
    [InlineData("/mqtt", "mqtt", "", "8", 426)]
    [InlineData("/mqtt", "mqtt", "Origin: https://evil.example\r\n", "13", 403)]
    [InlineData("/mqtt", "mqtt", "Origin: https://page.example\r\n", "13", 101)]
    [InlineData("/mqtt", "mqtt", "", "13", 101)]
    public async Task Any_other_request_gets_its_status(string path, string subprotocol, string more, string version, int status)
    {
        await using var broker = await StartAsync(new ListenerWebSocketOptions { Origins = ["https://page.example"] });
        Assert.StartsWith($"HTTP/1.1 {status} ", await AnswerAsync(broker, WebSocketClients.Request(path, subprotocol, more, version)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /mqtt HTTP/1.1\r\nHost: broker\r\n\r\n", 426)]
    [InlineData("POST /mqtt HTTP/1.1\r\nHost: broker\r\nContent-Length: 0\r\n\r\n", 405)]
    [InlineData("nonsense\r\n\r\n", 400)]
    public async Task What_asks_for_no_WebSocket_is_answered_and_closed(string request, int status)
    {
        await using var broker = await StartAsync();
        await using var stream = new DuplexStream(broker.Transport.Connect());
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, guard.Token);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.ASCII.GetString(answer.ToArray()), StringComparison.Ordinal);
        Assert.Equal(1, broker.Metrics.NotOpened);
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_not_waited_for()
    {
        await using var broker = await StartAsync();
        await using var stream = new DuplexStream(broker.Transport.Connect());
        await stream.WriteAsync(Encoding.ASCII.GetBytes(WebSocketClients.Request()[..40]), TestContext.Current.CancellationToken);
        await AnswerAsync(broker, WebSocketClients.Request());
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        await stream.CopyToAsync(Stream.Null, guard.Token);
    }

    [Fact]
    public async Task It_travels_over_TLS_too()
    {
        using var authority = new TestAuthority();
        var (_, certificate, key) = authority.IssueServer();
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { Transport = ListenerTransport.Wss, Tls = new ListenerTlsOptions { CertificateFile = certificate, KeyFile = key } });
        var client = WebSocketClients.Client(await WebSocketClients.OpenWebSocketAsync(await broker.OpenTlsAsync()));
        await client.SendAsync(new ConnectPacket { ClientId = "client", CleanStart = true });
        await client.ReceiveAsync<ConnAckPacket>();
        await client.SubscribeAsync("t");
        await client.PublishAsync("t", "over TLS");
        Assert.Equal("over TLS", (await client.ReceivePublishAsync()).Text());
    }

    private static Task<TestBroker> StartAsync(ListenerWebSocketOptions? options = null) =>
        TestBroker.StartAsync(listener: new ListenerOptions { Transport = ListenerTransport.Ws, WebSocket = options ?? new() });

    private static async Task<string> AnswerAsync(TestBroker broker, string request)
    {
        await using var stream = new DuplexStream(broker.Transport.Connect());
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await WebSocketClients.ReadAnswerAsync(stream);
    }

    private static Task SendAsync(WebSocket socket, byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);

    private static async Task<ValueWebSocketReceiveResult> ReceiveAsync(WebSocket socket, byte[] buffer)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        return await socket.ReceiveAsync(buffer.AsMemory(), guard.Token);
    }

    private static async Task ExpectCloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        var received = await ReceiveAsync(socket, new byte[100]);
        Assert.Equal((WebSocketMessageType.Close, status), (received.MessageType, socket.CloseStatus));
    }
}
