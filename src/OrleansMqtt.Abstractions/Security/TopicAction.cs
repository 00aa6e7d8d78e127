namespace OrleansMqtt.Security;

/// <summary>What a client wants with a topic.</summary>
public enum TopicAction
{
    /// <summary>To publish to it.</summary>
    Publish,

    /// <summary>To subscribe to a filter.</summary>
    Subscribe,

    /// <summary>To be sent a message of it.</summary>
    Receive,
}
