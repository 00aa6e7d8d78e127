using System.Net;
using System.Text;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>Where a client connects next: to any place by chance, but elsewhere when a place has failed it. What chance decides comes from the client's identifier, which begins with
/// the run's seed.</summary>
internal sealed class TargetChoice(IReadOnlyList<EndPoint> targets, string clientId)
{
    private readonly Random _random = new(Encoding.UTF8.GetBytes(clientId).Aggregate(17, static (hash, part) => unchecked((hash * 31) + part)));
    private int _index;
    private bool _hasFailed;

    /// <summary>The next place.</summary>
    public EndPoint Next()
    {
        _index = _hasFailed ? (_index + 1) % targets.Count : _random.Next(targets.Count);
        _hasFailed = false;
        return targets[_index];
    }

    /// <summary>The place gave no connection, or ended it.</summary>
    public void Fail() => _hasFailed = true;
}
