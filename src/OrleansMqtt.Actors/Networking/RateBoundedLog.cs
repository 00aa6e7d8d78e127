namespace OrleansMqtt.Actors.Networking;

/// <summary>Says whether something is worth a line in the log: once per period for each peer and reason, and of a bounded number of
/// those, so that nobody outside can fill the log or the memory.</summary>
internal sealed class RateBoundedLog(TimeProvider time)
{
    private const int MaxEntries = 256;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Peer, string Reason), long> _said = [];

    public bool IsWorthSaying(string peer, string reason)
    {
        lock (_lock)
        {
            if (_said.TryGetValue((peer, reason), out var last) && time.GetElapsedTime(last) < Period)
            {
                return false;
            }

            if (_said.Count >= MaxEntries)
            {
                foreach (var (key, at) in _said)
                {
                    if (time.GetElapsedTime(at) >= Period)
                    {
                        _said.Remove(key);
                    }
                }
            }

            if (_said.Count >= MaxEntries && !_said.ContainsKey((peer, reason)))
            {
                return false;
            }

            _said[(peer, reason)] = time.GetTimestamp();
            return true;
        }
    }
}
