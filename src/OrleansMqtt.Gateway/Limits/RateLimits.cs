namespace OrleansMqtt.Gateway.Limits;

/// <summary>What happens to messages of a client or user that publishes faster than its rate.</summary>
public enum OverRatePolicy
{
    /// <summary>The client is read no further until its rate allows it: it has to wait, and nothing is lost.</summary>
    HoldBack,

    /// <summary>QoS 1 and 2 are refused with 0x97 Quota exceeded, QoS 0 is dropped and counted. 3.x clients, who cannot be told, are held back.</summary>
    Refuse,

    /// <summary>The client is disconnected with 0x96 Message rate too high.</summary>
    Disconnect,
}

/// <summary>How much clients may send and get in a second; 0: any amount. Messages are PUBLISH packets. Each amount is a bucket that fills at the rate and holds <see cref="RateBurstSeconds"/> of it.</summary>
public sealed record RateLimits
{
    /// <summary>Messages a second that one client may publish, 0 to 1,000,000,000.</summary>
    public int MaxClientMessagesInPerSecond { get; init; }

    /// <summary>Bytes a second that one client may send, packets of all kinds, 0 to 1,000,000,000,000.</summary>
    public long MaxClientBytesInPerSecond { get; init; }

    /// <summary>Messages a second that are sent to one client, 0 to 1,000,000,000. More wait in its outbox, and then as for any slow client.</summary>
    public int MaxClientMessagesOutPerSecond { get; init; }

    /// <summary>Bytes a second that are sent to one client, packets of all kinds, 0 to 1,000,000,000,000.</summary>
    public long MaxClientBytesOutPerSecond { get; init; }

    /// <summary>As <see cref="MaxClientMessagesInPerSecond"/>, for all connections together that one authenticated user has at this gateway.</summary>
    public int MaxUserMessagesInPerSecond { get; init; }

    /// <summary>As <see cref="MaxClientBytesInPerSecond"/>, for all connections of one user.</summary>
    public long MaxUserBytesInPerSecond { get; init; }

    /// <summary>As <see cref="MaxClientMessagesOutPerSecond"/>, for all connections of one user.</summary>
    public int MaxUserMessagesOutPerSecond { get; init; }

    /// <summary>As <see cref="MaxClientBytesOutPerSecond"/>, for all connections of one user.</summary>
    public long MaxUserBytesOutPerSecond { get; init; }

    /// <summary>How many seconds' worth may come at once after a quiet time, 1 to 3,600.</summary>
    public int RateBurstSeconds { get; init; } = 1;

    /// <summary>What happens to a client that publishes faster.</summary>
    public OverRatePolicy WhenOverRate { get; init; }

    /// <summary>Whether anything is limited on the way in.</summary>
    internal bool LimitIn => MaxClientMessagesInPerSecond > 0 || MaxClientBytesInPerSecond > 0 || MaxUserMessagesInPerSecond > 0 || MaxUserBytesInPerSecond > 0;

    /// <summary>Whether anything is limited on the way out.</summary>
    internal bool LimitOut => MaxClientMessagesOutPerSecond > 0 || MaxClientBytesOutPerSecond > 0 || MaxUserMessagesOutPerSecond > 0 || MaxUserBytesOutPerSecond > 0;
}
