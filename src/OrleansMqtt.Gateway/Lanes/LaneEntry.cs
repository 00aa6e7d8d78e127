using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>What a lane knows of a message besides its bytes.</summary>
/// <param name="Pending">Who waits for its outcome; null for a QoS 0 message, which nobody waits for, and for one that is done.</param>
/// <param name="Size">About what it takes in memory.</param>
/// <param name="Stream">What else its publisher has on its way; null where that does not matter.</param>
/// <param name="IsDone">Whether it has an outcome.</param>
internal readonly record struct LaneEntry(PendingPublish? Pending, int Size, PublishStream? Stream, bool IsDone);
