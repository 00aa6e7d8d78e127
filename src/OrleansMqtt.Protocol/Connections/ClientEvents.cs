using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>What happened to a <see cref="ClientConnection"/>.</summary>
public abstract record ClientEvent;

/// <summary>The server accepted the connection; publishing and subscribing may begin.</summary>
/// <param name="Packet">The server's CONNACK.</param>
/// <param name="SessionPresent">
/// Whether the session goes on. If not, the server has no subscriptions: <see cref="ClientConnection.Resubscribe"/> asks for them again.
/// </param>
public sealed record ClientConnected(ConnAckPacket Packet, bool SessionPresent) : ClientEvent;

/// <summary>The server refused the connection, and closes it.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Packet">The server's CONNACK.</param>
public sealed record ClientConnectFailed(ReasonCode Reason, ConnAckPacket Packet) : ClientEvent;

/// <summary>The server asks for, or confirms, a step of enhanced authentication; answer with
/// <see cref="ClientConnection.Authenticate"/>.</summary>
/// <param name="Packet">The server's AUTH.</param>
public sealed record ClientAuthenticationRequested(AuthPacket Packet) : ClientEvent;

/// <summary>A message came; it is acknowledged already. At QoS 2 each message comes once.</summary>
/// <param name="Message">The PUBLISH, with its topic even if the server sent an alias.</param>
public sealed record ClientMessageReceived(PublishPacket Message) : ClientEvent;

/// <summary>The server took responsibility for a QoS 1 or 2 message.</summary>
/// <param name="Ticket">What <see cref="ClientConnection.Publish"/> returned.</param>
/// <param name="Reason">Success, or that there was no subscriber.</param>
public sealed record ClientPublished(long Ticket, ReasonCode Reason) : ClientEvent;

/// <summary>A QoS 1 or 2 message was refused by the server, or its session was lost while it was under way.</summary>
/// <param name="Ticket">What <see cref="ClientConnection.Publish"/> returned.</param>
/// <param name="Message">The message, to publish it once more. If the session was lost, the server may have got it.</param>
/// <param name="Reason">Why; null if the session was lost.</param>
public sealed record ClientPublishFailed(long Ticket, PublishPacket Message, ReasonCode? Reason) : ClientEvent;

/// <summary>The server answered a SUBSCRIBE.</summary>
/// <param name="PacketId">Of the request.</param>
/// <param name="Subscriptions">What was asked for.</param>
/// <param name="ReasonCodes">For each the granted QoS, or why it failed; failed ones are no longer held.</param>
public sealed record ClientSubscribed(
    ushort PacketId, IReadOnlyList<Subscription> Subscriptions, IReadOnlyList<ReasonCode> ReasonCodes) : ClientEvent;

/// <summary>The server answered an UNSUBSCRIBE.</summary>
/// <param name="PacketId">Of the request.</param>
/// <param name="Filters">What was asked for.</param>
/// <param name="ReasonCodes">For each how it went; empty before 5.0.</param>
public sealed record ClientUnsubscribed(
    ushort PacketId, IReadOnlyList<string> Filters, IReadOnlyList<ReasonCode> ReasonCodes) : ClientEvent;

/// <summary>The server answered <see cref="ClientConnection.Ping"/>.</summary>
public sealed record ClientPingResponse : ClientEvent;

/// <summary>The connection is over. The shell sends what is outbound and closes; the session stays for the next connection.</summary>
/// <param name="Packet">The server's DISCONNECT, if it sent one.</param>
/// <param name="Error">What the server did wrong, if it did.</param>
/// <param name="AbandonedRequests">Packet identifiers of SUBSCRIBEs and UNSUBSCRIBEs that get no answer any more.</param>
public sealed record ClientDisconnected(
    DisconnectPacket? Packet, ProtocolError? Error, IReadOnlyList<ushort> AbandonedRequests) : ClientEvent;
