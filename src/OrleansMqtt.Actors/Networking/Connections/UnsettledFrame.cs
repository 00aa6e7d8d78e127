using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>A request that was not answered, or a one-way frame that did not leave the queue, on a connection that ends.</summary>
/// <param name="Kind">Request or one-way.</param>
/// <param name="Correlation">Its correlation number.</param>
/// <param name="Request">What was given to Send with it.</param>
/// <param name="NeverSent">Whether the peer cannot have it: it may be sent elsewhere without being done twice.</param>
internal readonly record struct UnsettledFrame(FrameKind Kind, long Correlation, object? Request, bool NeverSent);
