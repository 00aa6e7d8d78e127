using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>Messages, routes and log entries to test with.</summary>
internal static class Samples
{
    public static SubscriptionOptions Options(QualityOfService qos = QualityOfService.ExactlyOnce) => new(qos, false, false, RetainHandling.SendAtSubscribe, 0);

    public static Message Message(string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce, bool retain = false, string? publisher = null, long expiresAt = Messages.Message.Never) =>
        new(Encoding.UTF8.GetBytes(topic), [], Encoding.UTF8.GetBytes(text)) { QoS = qos, Retain = retain, Publisher = publisher, ExpiresAt = expiresAt };

    public static SessionLogEntry Entry(string text, QualityOfService qos = QualityOfService.AtLeastOnce, long sequence = 0) =>
        new() { Message = Message("t", text, qos), QoS = qos, Sequence = sequence };

    /// <summary>An entry that came by the shared group <c>g</c> of <c>t</c>.</summary>
    public static SessionLogEntry SharedEntry(string text, QualityOfService qos = QualityOfService.AtLeastOnce) => Entry(text, qos) with { Group = new SharedGroupKey("g", "t", false) };

    public static string Text(this Message message) => Encoding.UTF8.GetString(message.Payload);

    public static RouteChange Member(string client, string filter, string? gateway, bool persistent = true, bool removed = false, string group = "g") => new()
    {
        Kind = RouteKind.SharedMember, Receiver = client, Filter = filter, Group = new SharedGroupKey(group, filter, false), Gateway = gateway, Persistent = persistent, Removed = removed, Options = Options(),
    };
}
