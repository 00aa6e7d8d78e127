using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>Messages of a lane that go to a router together.</summary>
/// <param name="publishes">The messages.</param>
/// <param name="others">Those that do not travel packed.</param>
/// <param name="numbers">Their numbers, where these are not all there are from the first one on.</param>
/// <param name="first">The first number.</param>
internal sealed class LaneBlock(PackedPublishes publishes, ImmutableArray<LaneItem> others, long first, long[]? numbers = null)
{
    /// <summary>What goes when it is only asked whether there is a silo.</summary>
    public static readonly LaneBlock Empty = new(new PackedPublishes([], 0), [], 0);

    public PackedPublishes Publishes => publishes;

    public ImmutableArray<LaneItem> Others => others;

    public int Count => publishes.Count;

    /// <summary>Whether some of its messages may have an outcome before it is sent.</summary>
    public bool IsAgain { get; set; }

    /// <summary>The number of a message in the lane.</summary>
    public long NumberOf(int index) => numbers is null ? first + index : numbers[index];

    /// <summary>The block without the messages that have an outcome.</summary>
    public LaneBlock Without(LaneEntries entries)
    {
        var left = Enumerable.Range(0, Count).Where(index => !entries.IsDone(NumberOf(index))).ToList();
        if (left.Count == Count) return this;
        var (packer, kept, read) = (new PublishPacker(), ImmutableArray.CreateBuilder<LaneItem>(), 0);
        var unpacker = new PublishUnpacker(publishes);
        for (var index = 0; unpacker.TryRead(out var publish, out var isOther); index++)
        {
            var other = isOther ? others[read++] : default;
            if (entries.IsDone(NumberOf(index))) continue;
            if (isOther)
            {
                packer.AddOther();
                kept.Add(other);
            }
            else
            {
                packer.Add(in publish, publish.Stamp ?? default);
            }
        }
        return new LaneBlock(packer.Pack(), kept.DrainToImmutable(), first, [.. left.Select(NumberOf)]) { IsAgain = true };
    }
}
