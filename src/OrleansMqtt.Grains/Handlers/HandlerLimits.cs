namespace OrleansMqtt.Grains.Handlers;

/// <summary>How much may wait for handlers in a silo.</summary>
/// <param name="MaxMessagesPerGrain">Messages that wait for one grain, from 1.</param>
/// <param name="MaxBytes">Bytes of all that wait, from 1.</param>
internal sealed record HandlerLimits(int MaxMessagesPerGrain = 1000, long MaxBytes = 64 << 20);
