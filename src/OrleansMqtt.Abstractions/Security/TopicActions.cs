namespace OrleansMqtt.Security;

/// <summary>Several of <see cref="TopicAction"/>.</summary>
[Flags]
public enum TopicActions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="TopicAction.Publish"/>.</summary>
    Publish = 1,

    /// <summary><see cref="TopicAction.Subscribe"/>, and to receive what comes by it.</summary>
    Subscribe = 2,

    /// <summary>Both.</summary>
    All = Publish | Subscribe,
}
