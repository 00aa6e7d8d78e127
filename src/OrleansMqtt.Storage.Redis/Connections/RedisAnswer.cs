using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>What a script that writes answered: a word, then values.</summary>
/// <param name="Values">All of it.</param>
/// <param name="Repeated">Whether the write may have been carried out before, without its answer having come.</param>
internal readonly record struct RedisAnswer(RedisResult[] Values, bool Repeated)
{
    /// <summary>Whether the writer is out of date; the second value is what is stored instead.</summary>
    public bool IsStale => (string)Values[0]! == "stale";

    /// <summary>Whether there is nothing of what was asked for.</summary>
    public bool IsNone => (string)Values[0]! == "none";
}
