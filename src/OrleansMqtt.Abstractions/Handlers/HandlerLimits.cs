namespace OrleansMqtt.Handlers;

/// <summary>How much may wait for topic handlers in a silo. Beyond, QoS 0 is dropped, and QoS 1 and 2 is acknowledged only when it has been handled, so that publishers are held back.</summary>
public sealed record HandlerLimits
{
    /// <summary>Messages that wait for one grain, from 1. Default: 1,000.</summary>
    public int MaxHandlerQueuedMessages { get; init; } = 1000;

    /// <summary>Bytes of all that wait in the silo, from 1. Default: 64 MiB.</summary>
    public long MaxHandlerQueuedBytes { get; init; } = 64 << 20;
}
