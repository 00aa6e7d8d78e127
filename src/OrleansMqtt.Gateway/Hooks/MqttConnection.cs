using System.Net;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>One client's connection, as hooks see it. Thread-safe, but for <see cref="Items"/>.</summary>
public sealed class MqttConnection
{
    private Dictionary<object, object?>? _items;

    internal MqttConnection(ClientConnection client, string listener) => (Client, Listener) = (client, listener);

    /// <summary>Name of the listener that it came by.</summary>
    public string Listener { get; }

    /// <summary>Where the client is, behind a proxy what the proxy says; null where there is no address.</summary>
    public EndPoint? Remote => Client.Address;

    /// <summary>The certificate that the client proved to own; null for none.</summary>
    public X509Certificate2? Certificate => Client.Proof?.Certificate;

    /// <summary>Client identifier; empty before CONNECT has been read.</summary>
    public string ClientId => Client.ClientId;

    /// <summary>The user, once it is known who the client is; null before, and for an anonymous client.</summary>
    public string? UserName => Client.Identity.UserName;

    /// <summary>The protocol version; 3.1.1 before CONNECT has been read.</summary>
    public ProtocolVersion Version => Client.Version;

    /// <summary>Whatever hooks want to keep as long as the connection lasts.</summary>
    public IDictionary<object, object?> Items => LazyInitializer.EnsureInitialized(ref _items);

    /// <summary>Canceled when the connection is over.</summary>
    public CancellationToken Ended => Client.Leaving;

    internal ClientConnection Client { get; }

    /// <summary>Where its packets pass; null where nobody looks at them.</summary>
    internal PacketConnection? Packets { get; init; }

    /// <summary>
    /// Ends the connection. A 5.0 client that has had its CONNACK gets DISCONNECT with the reason; others are closed without a word. The client's will is published, as the client has not ended it itself.
    /// </summary>
    /// <param name="reason">Reason code, 0x80 and above; one that DISCONNECT can't have becomes 0x80.</param>
    /// <param name="description">For the log, one sentence without its point.</param>
    public void Close(ReasonCode reason, string description) => Client.Close(Fit(PacketType.Disconnect, reason), LogText.Escape(description));

    /// <summary>The client, its user and its address, for logs: control characters are escaped.</summary>
    public override string ToString() => $"client {Client.LogName} at {Client.Remote}";

    internal static ReasonCode Fit(PacketType type, ReasonCode reason) =>
        reason >= ReasonCode.UnspecifiedError && ReasonCodes.IsAllowed(type, reason, PublishOrigin.Server) ? reason : ReasonCode.UnspecifiedError;
}
