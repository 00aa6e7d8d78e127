using System.Globalization;
using System.Text;
using OrleansMqtt.Diagnostics;

namespace OrleansMqtt.Events;

/// <summary>
/// The topics of events: `$events/client/CLIENT/connected`, `…/disconnected`, `…/subscribed`, `…/unsubscribed` and `$events/dropped/REASON`. Clients can subscribe to them and not publish there.
/// </summary>
public static class EventTopic
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "$events/";

    /// <summary>The topic of what has happened to a client.</summary>
    /// <param name="clientId">Client identifier.</param>
    /// <param name="kind">One of <see cref="EventKinds"/>, but for <see cref="EventKinds.Dropped"/>.</param>
    public static string OfClient(string clientId, EventKinds kind) => $"{Prefix}client/{LevelOf(clientId)}/{NameOf(kind)}";

    /// <summary>The topic of what was dropped for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public static string OfDropped(DropReason reason) => $"{Prefix}dropped/{reason}";

    /// <summary>
    /// A client identifier as a level of a topic: `%`, `/`, `+`, `#` and control characters are `%` and two hexadecimal digits, as in URIs; an empty one is a lone `%`.
    /// </summary>
    /// <param name="clientId">Client identifier.</param>
    public static string LevelOf(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        if (clientId.Length == 0) return "%";
        if (!clientId.Any(MustEscape)) return clientId;
        var level = new StringBuilder();
        foreach (var c in clientId)
        {
            if (!MustEscape(c)) level.Append(c);
            // Control characters above ASCII take two bytes.
            else foreach (var b in Encoding.UTF8.GetBytes([c])) level.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return level.ToString();
    }

    internal static bool IsEvent(ReadOnlySpan<byte> topic) => topic.StartsWith("$events/"u8);

    internal static string? Of(BrokerEvent brokerEvent) => brokerEvent switch
    {
        ClientEvent client => OfClient(client.ClientId, KindOf(client)),
        MessageDropped dropped => OfDropped(dropped.Reason),
        _ => null,
    };

    internal static EventKinds KindOf(BrokerEvent brokerEvent) => brokerEvent switch
    {
        ClientConnected => EventKinds.Connected,
        ClientDisconnected => EventKinds.Disconnected,
        ClientSubscribed => EventKinds.Subscribed,
        ClientUnsubscribed => EventKinds.Unsubscribed,
        MessageDropped => EventKinds.Dropped,
        _ => EventKinds.None,
    };

    private static string NameOf(EventKinds kind) => kind switch
    {
        EventKinds.Connected => "connected",
        EventKinds.Disconnected => "disconnected",
        EventKinds.Subscribed => "subscribed",
        EventKinds.Unsubscribed => "unsubscribed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Nothing of that kind happens to a client."),
    };

    private static bool MustEscape(char c) => c is '%' or '/' or '+' or '#' || char.IsControl(c);
}
