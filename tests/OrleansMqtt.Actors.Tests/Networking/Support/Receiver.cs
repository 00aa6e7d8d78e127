using System.Collections.Concurrent;
using System.Threading.Channels;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Tests.Networking.Support;

/// <summary>Notes what it is told, and does with frames what the test says.</summary>
internal sealed class Receiver : IFrameReceiver
{
    private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>();
    private readonly Channel<ConnectionEnd> _ends = Channel.CreateUnbounded<ConnectionEnd>();
    private readonly Channel<UnsettledFrame> _unsettled = Channel.CreateUnbounded<UnsettledFrame>();

    /// <summary>What is done with each frame before it is noted.</summary>
    public Action<PeerConnection, Frame> Handle { get; set; } = static (_, _) => { };

    public ConcurrentQueue<UnsettledFrame> Unsettled { get; } = new();

    public ConcurrentQueue<ConnectionEnd> Ends { get; } = new();

    /// <summary>Answers requests with their own bodies.</summary>
    public static void Echo(PeerConnection connection, Frame frame)
    {
        if (frame.Kind == FrameKind.Request)
        {
            connection.Send(FrameKind.Response, frame.Correlation, new BytesBody(frame.Body));
        }
    }

    public void OnFrame(PeerConnection connection, in Frame frame)
    {
        // Handled first: a test that has seen the frame relies on it.
        Handle(connection, frame);
        _frames.Writer.TryWrite(frame);
    }

    public void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason)
    {
        Unsettled.Enqueue(frame);
        _unsettled.Writer.TryWrite(frame);
    }

    public void OnEnded(PeerConnection connection, ConnectionEnd end)
    {
        Ends.Enqueue(end);
        _ends.Writer.TryWrite(end);
    }

    public ValueTask<Frame> FrameAsync() => _frames.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask<UnsettledFrame> UnsettledAsync() => _unsettled.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask<ConnectionEnd> EndAsync() => _ends.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
