using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>Reads the retained messages that a filter matches, page by page: of one partition for a plain topic, of all for a wildcard.</summary>
internal sealed class RetainedReader(IGrainFactory grains, TopicPartitions partitions, ILocalRouter router)
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
            var reads = open.ConvertAll(o => o.Topic.ReadRetainedAsync(filter, o.After, Math.Max(1, PageSize / open.Count)));
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
}
