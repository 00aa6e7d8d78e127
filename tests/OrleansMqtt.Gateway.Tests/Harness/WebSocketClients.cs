using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Clients of a <see cref="TestBroker"/> whose listener speaks WebSocket.</summary>
internal static class WebSocketClients
{
    /// <summary>A request for a WebSocket.</summary>
    public static string Request(string path = "/mqtt", string subprotocol = "mqtt", string more = "", string version = "13", string key = "dGhlIHNhbXBsZSBub25jZQ==") =>
        $"GET {path} HTTP/1.1\r\nHost: broker\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: {version}\r\n"
        + (subprotocol.Length > 0 ? $"Sec-WebSocket-Protocol: {subprotocol}\r\n" : "") + more + "\r\n";

    /// <summary>Opens a WebSocket on a stream.</summary>
    public static async Task<WebSocket> OpenWebSocketAsync(Stream stream, string? request = null)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request ?? Request()));
        await stream.FlushAsync();
        var answer = await ReadAnswerAsync(stream);
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer);
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = false, SubProtocol = "mqtt", KeepAliveInterval = TimeSpan.Zero });
    }

    public static Task<WebSocket> OpenWebSocketAsync(this TestBroker broker, string? request = null) => OpenWebSocketAsync(new DuplexStream(broker.Transport.Connect()), request);

    /// <summary>A client that speaks MQTT in a WebSocket, every packet a message of its own.</summary>
    public static TestClient Client(WebSocket socket, Protocol.Packets.ProtocolVersion version = Protocol.Packets.ProtocolVersion.V50) => new(new MessagePipe(socket), version);

    /// <summary>Reads to the empty line behind the headers, and no further.</summary>
    public static async Task<string> ReadAnswerAsync(Stream stream)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        var (answer, one) = (new StringBuilder(), new byte[1]);
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, guard.Token) == 0) break;
            answer.Append((char)one[0]);
        }
        return answer.ToString();
    }

    private sealed class MessagePipe(WebSocket socket) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false));

        public PipeWriter Output { get; } = PipeWriter.Create(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false));
    }
}
