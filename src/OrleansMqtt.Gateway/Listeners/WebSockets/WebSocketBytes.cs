using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>The bytes of a WebSocket's binary messages, one behind the other. A write is one message.</summary>
internal sealed class WebSocketBytes(WebSocket socket) : DuplexBytes
{
    /// <inheritdoc/>
    /// <exception cref="IOException">The client has breached the protocol, or sent text; it has been told so.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) return 0;
                if (received.MessageType == WebSocketMessageType.Text) break;
                // An empty part is not the end of the stream; a read of no bytes ends when a part has begun that is not empty.
                if (received.Count > 0 || (buffer.IsEmpty && !received.EndOfMessage)) return received.Count;
            }
            await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "binary messages only", CancellationToken.None);
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode is WebSocketError.Faulted)
        {
            throw new FrameException("it broke the protocol");
        }
        catch (WebSocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
        throw new FrameException("it sent a text message"); // [MQTT-6.0.0-1]
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        }
        catch (WebSocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // A message goes out when it is written.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) socket.Dispose();
        base.Dispose(disposing);
    }
}
