using OrleansMqtt.Messages;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// The latest messages that bear an identity of their own (wills, QoS 2 of persistent sessions): after a crash they may be published again, by another way. Bounded
/// and thread-safe.
/// </summary>
internal sealed class IdentityMemory
{
    private const int Capacity = 16_384;
    private readonly Lock _lock = new();
    private HashSet<(string Source, MessageNumber Number)> _recent = [];
    private HashSet<(string Source, MessageNumber Number)> _older = [];

    /// <summary>Whether it is here for the first time.</summary>
    public bool Takes(MessageIdentity identity)
    {
        var key = (identity.Source, identity.Number);
        lock (_lock)
        {
            if (_older.Contains(key) || !_recent.Add(key)) return false;
            if (_recent.Count >= Capacity) (_older, _recent) = (_recent, []);
            return true;
        }
    }
}
