using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>How far a <see cref="ClientConnection"/> is.</summary>
public enum ClientConnectionState
{
    /// <summary>There is no connection; <see cref="ClientConnection.Connect"/> starts one.</summary>
    Disconnected,

    /// <summary>CONNECT is written, CONNACK has not come.</summary>
    Connecting,

    /// <summary>The server accepted.</summary>
    Connected,
}

/// <summary>What became of a call of <see cref="ClientConnection.Publish"/>.</summary>
/// <param name="Ticket">Names the message in a later <see cref="ClientPublished"/> or <see cref="ClientPublishFailed"/>; 0 if none
/// comes.</param>
/// <param name="Error">Why the server would not take the message, so that it was not sent; null if it is on its way.</param>
public readonly record struct ClientPublishResult(long Ticket, ProtocolError? Error);

/// <summary>What became of a request to subscribe or unsubscribe.</summary>
/// <param name="PacketId">Names the request in a later <see cref="ClientSubscribed"/> or <see cref="ClientUnsubscribed"/>; 0 if none was
/// needed.</param>
/// <param name="Error">Why the server would not take the request, so that it was not sent; null otherwise.</param>
public readonly record struct ClientRequest(ushort PacketId, ProtocolError? Error);
