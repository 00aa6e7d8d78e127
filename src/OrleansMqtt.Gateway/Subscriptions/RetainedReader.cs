using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>Reads the retained messages that a filter matches, page by page: of one partition for a plain topic, of all for a wildcard.</summary>
internal sealed partial class RetainedReader(
    IGrainFactory grains, TopicPartitions partitions, ILocalRouter router, TimeProvider time, ILogger<RetainedReader> logger, GatewayLease? lease = null, LeaseTimes? times = null)
{
    private const int PageSize = 256;

    /// <summary>Whether there may be any. Answers without waiting.</summary>
    public bool MayHold(string filter)
    {
        Span<byte> key = filter.Length <= 256 ? stackalloc byte[filter.Length * 3] : new byte[filter.Length * 3];
        return router.MayHoldRetained(key[..Encoding.UTF8.GetBytes(filter, key)]);
    }

    /// <summary>The pages; none is empty.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Message>> ReadAsync(string filter)
    {
        // All partitions that may hold a match are asked in one round; those that have no more are not asked again.
        var key = Encoding.UTF8.GetBytes(filter);
        var open = new List<(ITopicGrain Topic, ReadOnlyMemory<byte> After)>();
        var wildcard = TopicFilter.HasWildcard(key);
        var first = wildcard ? 0 : partitions.Of(key);
        for (var partition = first; partition < (wildcard ? partitions.Count : first + 1); partition++)
        {
            await router.RetainedStoredAsync(partition);
            if (router.MayHoldRetained(partition, key)) open.Add((grains.GetGrain<ITopicGrain>(partition), default));
        }
        while (open.Count > 0)
        {
            var reads = open.ConvertAll(o => ReadPageAsync(o.Topic, filter, o.After, Math.Max(1, PageSize / open.Count)));
            var next = new List<(ITopicGrain, ReadOnlyMemory<byte>)>();
            for (var i = 0; i < reads.Count; i++)
            {
                var page = await reads[i];
                if (page.Next is { } after) next.Add((open[i].Topic, after));
                if (!page.Messages.IsEmpty) yield return page.Messages;
            }
            open = next;
        }
    }

    // A partition whose silo is lost has another home soon, and its grain has read the same there. Who has no lease any more has no clients either.
    private async Task<RetainedPage> ReadPageAsync(ITopicGrain topic, string filter, ReadOnlyMemory<byte> after, int maximum)
    {
        while (true)
        {
            try
            {
                return await topic.ReadRetainedAsync(filter, after, maximum);
            }
            catch (Exception exception) when (lease is { IsInForce: true } && PassingFailure.Is(exception))
            {
                LogRepeated(logger, exception, filter);
            }
            await Task.Delay(times!.Retry, time);
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "Retained messages of {Filter} could not be read; trying again.")]
    private static partial void LogRepeated(ILogger logger, Exception exception, string filter);
}
