namespace OrleansMqtt.Gateway.Lanes;

/// <summary>A block that a lane has sent to one router, until all its messages are done. Under the lane's lock.</summary>
internal sealed class LaneCall(long attempt, long index, LaneBlock block)
{
    /// <summary>Which router it went to.</summary>
    public long Attempt => attempt;

    public long Index => index;

    public LaneBlock Block => block;

    /// <summary>Whether the router has said that it is routed.</summary>
    public bool IsRouted { get; set; }
}
