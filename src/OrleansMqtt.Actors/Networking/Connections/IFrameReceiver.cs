using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>
/// Who is told what happens on connections. Calls come from the connection's reading thread, one after the other, unless it says otherwise
/// below. They must not wait; they may send. A frame whose handling throws ends the connection.
/// </summary>
/// <remarks>Each accepted request is settled exactly once: by an answer in <see cref="OnFrame"/>, by <see cref="OnUnsettled"/>, or by
/// <see cref="PeerConnection.Abandon"/>.</remarks>
internal interface IFrameReceiver
{
    /// <summary>A request, a one-way frame, or an answer to a request that was sent and not abandoned. Each request must be answered on the
    /// same connection, once: saying goodbye waits for it.</summary>
    void OnFrame(PeerConnection connection, in Frame frame);

    /// <summary>A call that will not be answered on this connection: it has ended, or one side said goodbye while the call waited in the
    /// queue. What waits in the queue comes back on the thread that says goodbye, or that ends a connection which was never open.</summary>
    void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason);

    /// <summary>The connection has ended; the last call for it.</summary>
    void OnEnded(PeerConnection connection, ConnectionEnd end);
}
