using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>A message in a lane.</summary>
/// <param name="item">What is sent.</param>
/// <param name="pending">Who waits for its outcome; null for a QoS 0 message, which nobody waits for.</param>
internal sealed class LaneEntry(LaneItem item, PendingPublish? pending)
{
    public LaneItem Item => item;

    public PendingPublish? Pending => pending;

    public bool IsDone { get; set; }

    public long Number => item.Message.Stamp!.Number;

    /// <summary>About what it takes in memory.</summary>
    public long Size => item.Message.Size + 256;
}
