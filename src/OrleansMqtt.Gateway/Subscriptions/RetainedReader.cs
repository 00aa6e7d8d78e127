using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>Reads the retained messages that a filter matches, page by page: of one partition for a plain topic, of all for a wildcard.</summary>
internal sealed class RetainedReader(IGrainFactory grains, TopicPartitions partitions)
{
    private const int PageSize = 256;

    /// <summary>The pages; none is empty.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Message>> ReadAsync(string filter)
    {
        if (!TopicFilter.HasWildcard(Encoding.UTF8.GetBytes(filter)))
        {
            var page = await grains.GetGrain<ITopicGrain>(partitions.Of(filter)).ReadRetainedAsync(filter, default, 1);
            if (!page.Messages.IsEmpty) yield return page.Messages;
            yield break;
        }
        // All partitions are asked in one round; those that hold nothing answer at once and are not asked again.
        var open = Enumerable.Range(0, partitions.Count).Select(p => (Topic: grains.GetGrain<ITopicGrain>(p), After: ReadOnlyMemory<byte>.Empty)).ToList();
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
