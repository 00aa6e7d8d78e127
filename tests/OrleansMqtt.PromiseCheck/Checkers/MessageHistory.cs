using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>The history, sorted by message, subscriber and broker.</summary>
internal sealed class MessageHistory
{
    private static readonly List<HistoryEvent> Nothing = [];

    private readonly Dictionary<string, List<HistoryEvent>> _receipts = [];

    /// <summary>Sorts a history.</summary>
    /// <param name="events">All of it.</param>
    /// <param name="detection">How long the broker may take to notice that a connection has ended, in seconds.</param>
    public MessageHistory(IReadOnlyList<HistoryEvent> events, double detection = 0)
    {
        Events = events;
        Detection = detection;
        foreach (var item in events) Take(item);
    }

    /// <summary>All of it.</summary>
    public IReadOnlyList<HistoryEvent> Events { get; }

    /// <summary>How long the broker may take to notice that a connection has ended, in seconds.</summary>
    public double Detection { get; }

    /// <summary>Published messages by value.</summary>
    public Dictionary<string, SentMessage> Sent { get; } = [];

    /// <summary>CONNECTs with a will, by the will's value.</summary>
    public Dictionary<string, HistoryEvent> Wills { get; } = [];

    /// <summary>What persistent sessions subscribed to, by client.</summary>
    public Dictionary<string, Subscriptions> Subscriptions { get; } = [];

    /// <summary>The kills, in order.</summary>
    public List<Outage> Outages { get; } = [];

    /// <summary>What a subscriber took for new, in order.</summary>
    public IReadOnlyList<HistoryEvent> Receipts(string client) => _receipts.GetValueOrDefault(client, Nothing);

    /// <summary>All who received.</summary>
    public IEnumerable<string> Receivers => _receipts.Keys;

    /// <summary>The kill that was under way at an event or came next, to show beside it; null if there is none.</summary>
    public HistoryEvent? KillAfter(HistoryEvent item) =>
        Outages.Find(outage => outage.Back is null || outage.Back.Number > item.Number)?.Kill;

    private void Take(HistoryEvent item)
    {
        switch (item.Kind)
        {
            case EventKind.Published:
                Sent.TryAdd(item.Value!, new SentMessage(item));
                break;
            case EventKind.Acknowledged when Sent.TryGetValue(item.Value!, out var sent):
                sent.Acknowledged ??= item;
                break;
            case EventKind.Completed when Sent.TryGetValue(item.Value!, out var sent):
                sent.Completed ??= item;
                break;
            case EventKind.Rejected or EventKind.Abandoned when Sent.TryGetValue(item.Value!, out var sent):
                sent.GivenUp ??= item;
                break;
            case EventKind.Connecting when item.Value is not null:
                Wills.TryAdd(item.Value, item);
                break;
            case EventKind.Subscribed:
                Of(Subscriptions, item.Client).Add(item);
                break;
            case EventKind.Received:
                Of(_receipts, item.Client).Add(item);
                break;
            case EventKind.Killing:
                Outages.Add(new Outage(item));
                break;
            case EventKind.Accepting when Outages is [.., { Back: null } outage]:
                outage.Back = item;
                break;
        }
    }

    private static T Of<T>(Dictionary<string, T> all, string client)
        where T : new()
    {
        if (!all.TryGetValue(client, out var one)) all.Add(client, one = new T());
        return one;
    }
}
