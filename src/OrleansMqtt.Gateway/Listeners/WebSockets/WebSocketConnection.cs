using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>A connection whose bytes travel in the binary messages of a WebSocket on another one, cut anyhow; what goes out together is one message [MQTT-6.0.0-1], [MQTT-6.0.0-2].</summary>
internal sealed class WebSocketConnection : LayeredConnection
{
    private readonly WebSocket _socket;

    /// <summary>Begins where the handshake has ended.</summary>
    public WebSocketConnection(ConnectionContext below) : this(below, new TransportStream(below.Transport))
    {
    }

    private WebSocketConnection(ConnectionContext below, TransportStream bytes)
        : this(below, bytes, WebSocket.CreateFromStream(bytes, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero }))
    {
    }

    private WebSocketConnection(ConnectionContext below, TransportStream bytes, WebSocket socket) : base(below, bytes, new WebSocketBytes(socket)) => _socket = socket;

    /// <inheritdoc/>
    protected override async ValueTask SayGoodbyeAsync()
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException exception)
        {
            // The client has gone at this very moment.
            throw new IOException(exception.Message, exception);
        }
    }
}
