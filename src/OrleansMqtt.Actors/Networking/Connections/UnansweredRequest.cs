using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>A request without an answer.</summary>
/// <param name="Request">What was given to Send.</param>
/// <param name="Length">The length of its frame.</param>
/// <param name="End">Where its frame ends in all that was written to the connection.</param>
/// <param name="Held">Its place in the queue while it waits there.</param>
internal readonly record struct UnansweredRequest(object? Request, int Length, long End, HeldFrame? Held);

/// <summary>A request or one-way frame that waits until it may go.</summary>
internal sealed class HeldFrame(FrameKind kind, long correlation, ReadOnlyMemory<byte> body, object? request)
{
    public FrameKind Kind => kind;

    public long Correlation => correlation;

    public object? Request => request;

    /// <summary>Null once its sender has abandoned it; it keeps its place, so that abandoning costs no search.</summary>
    public ReadOnlyMemory<byte>? Body { get; set; } = body;

    public long Bytes => Body is { } bytes ? bytes.Length + FrameFormat.HeaderLength : 0;
}
