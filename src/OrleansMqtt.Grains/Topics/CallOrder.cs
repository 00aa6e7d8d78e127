using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Topics;

/// <summary>Tells which calls of senders are to be carried out by one activation of a topic grain. See <see cref="LastingCalls"/>.</summary>
internal sealed class CallOrder(long epoch)
{
    // Two for each process that was ever started while the activation lived. Those that go first are of processes that ended long ago.
    private const int MaximumSenders = 16_384;
    private readonly OrderedDictionary<Guid, long> _latest = [];

    /// <summary>Whether a call is to be carried out. Otherwise it is for another activation, or its sender has gone on: it waits for no answer to this one.</summary>
    public bool Admit(RouteCall call)
    {
        if (call.Epoch != epoch) return false;
        if (_latest.TryGetValue(call.Sender, out var latest) && call.Sequence < latest) return false;
        // To the end: whoever calls at all stays.
        _latest.Remove(call.Sender);
        if (_latest.Count == MaximumSenders) _latest.RemoveAt(0);
        _latest.Add(call.Sender, call.Sequence);
        return true;
    }
}
