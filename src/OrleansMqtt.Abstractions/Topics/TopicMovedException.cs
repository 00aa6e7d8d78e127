namespace OrleansMqtt.Topics;

/// <summary>The partition has another activation by now, or is on its way to one: the call is to be made again.</summary>
[GenerateSerializer, Alias("OrleansMqtt.TopicMovedException")]
public sealed class TopicMovedException : Exception
{
    /// <summary>Creates it.</summary>
    public TopicMovedException(string message) : base(message) { }
}
