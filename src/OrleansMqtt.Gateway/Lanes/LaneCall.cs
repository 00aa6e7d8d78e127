using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>A batch that a lane has sent to one router, until all its messages are done. Under the lane's lock.</summary>
internal sealed class LaneCall(long attempt, long index, List<LaneEntry> entries)
{
    /// <summary>Which router it went to.</summary>
    public long Attempt => attempt;

    public long Index => index;

    public IReadOnlyList<LaneEntry> Entries => entries;

    /// <summary>Whether the router has said that it is routed.</summary>
    public bool IsRouted { get; set; }

    public bool IsDone => entries.TrueForAll(static entry => entry.IsDone);

    public ImmutableArray<LaneItem> Items => [.. entries.Select(static entry => entry.Item)];
}
