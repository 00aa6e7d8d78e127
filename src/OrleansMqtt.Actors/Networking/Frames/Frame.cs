namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>A frame that came in.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Correlation">The number that ties an answer to its request; the requester's choice.</param>
/// <param name="Body">Its body, in memory that nobody else uses; slices may be kept.</param>
/// <param name="Request">Of an answer, what was given to Send with its request.</param>
internal readonly record struct Frame(FrameKind Kind, long Correlation, ReadOnlyMemory<byte> Body, object? Request = null);
