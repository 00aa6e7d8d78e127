using System.Text;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>The subscriptions of one persistent session.</summary>
internal sealed class Subscriptions
{
    private readonly List<(byte[] Filter, long Since)> _granted = [];
    private readonly Dictionary<string, long?> _since = []; // By topic: matching is asked for each message.

    /// <summary>Adds a granted subscription. One granted again, since the broker lost the session, counts from its first grant.</summary>
    public void Add(HistoryEvent subscribed) => _granted.Add((Encoding.UTF8.GetBytes(subscribed.Topic!), subscribed.Number));

    /// <summary>The number of the event from which on the topic is subscribed to; null if it is not.</summary>
    public long? Since(string topic)
    {
        if (_since.TryGetValue(topic, out var known)) return known;
        var name = Encoding.UTF8.GetBytes(topic);
        return _since[topic] = _granted.Where(g => TopicFilter.Matches(g.Filter, name)).Min(static g => (long?)g.Since);
    }
}
