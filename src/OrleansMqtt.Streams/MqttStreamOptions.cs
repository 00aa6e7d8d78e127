namespace OrleansMqtt.Streams;

/// <summary>How a stream provider of topic filters works. The same in every silo.</summary>
public sealed class MqttStreamOptions
{
    /// <summary>
    /// In how many queues the messages of all filters wait, 1 to 1,024; each is a persistent session of the broker, read by one silo at a time. Not to be changed while there are subscriptions: filters would be
    /// looked for in other queues. Default: 8.
    /// </summary>
    public int Queues { get; set; } = 8;

    /// <summary>How long an idle queue rests before it is looked at again, which is what a lone message may wait; above 0. Default: 50 milliseconds.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many messages of a queue may be on their way to grains at once, 100 to 65,535. Default: 1,000.</summary>
    public int Window { get; set; } = 1000;
}
