using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

/// <summary>
/// Who is told what happens on connections. All methods run on the connection's reading thread, one at a time per connection, and must
/// not wait; they may send. What one throws ends the connection.
/// </summary>
/// <remarks>Each accepted request is settled exactly once: by an answer in <see cref="OnFrame"/>, by <see cref="OnUnsettled"/>, or by
/// <see cref="PeerConnection.Abandon"/>.</remarks>
internal interface IFrameReceiver
{
    /// <summary>A request, a one-way frame, or an answer to a request that was sent and not abandoned. Each request must be answered on the
    /// same connection, once: saying goodbye waits for it.</summary>
    void OnFrame(PeerConnection connection, in Frame frame);

    /// <summary>A call that will not be answered on this connection. Called when the connection ends or has said goodbye; from the thread
    /// that ends it, if the connection was never opened or never let it out.</summary>
    void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason);

    /// <summary>The connection has ended; the last call for it.</summary>
    void OnEnded(PeerConnection connection, ConnectionEnd end);
}
