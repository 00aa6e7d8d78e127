using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>A connection with a will.</summary>
/// <param name="connecting">Its CONNECT.</param>
internal sealed class WillLife(HistoryEvent connecting)
{
    /// <summary>Its CONNECT, with the will.</summary>
    public HistoryEvent Connecting { get; } = connecting;

    /// <summary>Its CONNACK; null if none came.</summary>
    public HistoryEvent? Connected { get; set; }

    /// <summary>How the client saw it end: dropped, lost, or disconnecting.</summary>
    public HistoryEvent? End { get; set; }

    /// <summary>Where it ended by DISCONNECT: the broker closed.</summary>
    public HistoryEvent? Disconnected { get; set; }

    /// <summary>The CONNECTs of the same client behind it.</summary>
    public List<HistoryEvent> Returns { get; } = [];

    /// <summary>The first successful CONNACK of those.</summary>
    public HistoryEvent? Returned { get; set; }

    /// <summary>The will's delay in seconds.</summary>
    public double Delay => Connecting.Delay ?? 0;

    /// <summary>All lives of a history.</summary>
    public static IReadOnlyList<WillLife> Of(MessageHistory history)
    {
        var lives = new List<WillLife>();
        var ofClient = new Dictionary<string, WillLife>();
        var before = new Dictionary<string, List<WillLife>>();
        foreach (var item in history.Events)
        {
            var life = ofClient.GetValueOrDefault(item.Client);
            switch (item.Kind)
            {
                case EventKind.Connecting when item.Value is not null:
                    if (life is not null) Past(item.Client).Add(life);
                    Past(item.Client).ForEach(p => p.Returns.Add(item));
                    lives.Add(ofClient[item.Client] = new WillLife(item));
                    break;
                case EventKind.Connected when life is not null:
                    life.Connected = item;
                    Past(item.Client).ForEach(p => p.Returned ??= item);
                    Past(item.Client).Clear(); // A return that was acknowledged decides; later ones do not matter.
                    break;
                case EventKind.Dropped or EventKind.Lost or EventKind.Disconnecting when life is not null:
                    life.End ??= item;
                    break;
                case EventKind.Disconnected when life is not null:
                    life.Disconnected = item;
                    break;
            }
        }

        return lives;

        List<WillLife> Past(string client)
        {
            if (!before.TryGetValue(client, out var past)) before.Add(client, past = []);
            return past;
        }
    }
}
