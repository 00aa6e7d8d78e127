namespace OrleansMqtt.Grains.Handlers;

/// <summary>A handler that a topic leads to, and the grain.</summary>
internal sealed class HandlerRoute(TopicHandler handler, string key)
{
    // About what it, its key and the reference to it take in bytes besides the key's characters.
    private const int OwnWeight = 88;

    public TopicHandler Handler => handler;

    public GrainId Grain { get; } = GrainId.Create(handler.GrainType, key);

    /// <summary>About how many bytes it takes.</summary>
    public int Weight => OwnWeight + key.Length * sizeof(char);
}
