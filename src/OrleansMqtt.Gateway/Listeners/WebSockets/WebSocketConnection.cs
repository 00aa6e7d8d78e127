using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Transports.Layers;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>A connection whose bytes travel in the binary messages of a WebSocket on another one, cut anyhow; what goes out together is one message [MQTT-6.0.0-1], [MQTT-6.0.0-2].</summary>
internal sealed class WebSocketConnection : LayeredConnection
{
    private readonly WebSocketBytes _messages;

    /// <summary>Begins where the handshake has ended.</summary>
    public WebSocketConnection(ConnectionContext below) : this(below, new TransportStream(below.Transport))
    {
    }

    private WebSocketConnection(ConnectionContext below, TransportStream bytes) : this(below, bytes, new WebSocketBytes(bytes))
    {
    }

    private WebSocketConnection(ConnectionContext below, TransportStream bytes, WebSocketBytes messages) : base(below, bytes, messages) => _messages = messages;

    /// <inheritdoc/>
    protected override ValueTask SayGoodbyeAsync()
    {
        _messages.SayGoodbye();
        return default;
    }
}
