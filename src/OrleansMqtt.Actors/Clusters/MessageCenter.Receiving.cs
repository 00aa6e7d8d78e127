using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Clusters;

/// <content>Calls and answers that arrive.</content>
internal sealed partial class MessageCenter
{
    // The target of a frame that cancels a call of the same connection; its key is the call's correlation number.
    private static readonly GrainType CancellationType = GrainType.Create("sys.cancel");

    private readonly ConcurrentDictionary<(PeerConnection Connection, long Correlation), CancellationTokenSource> _cancellable = new();

    /// <inheritdoc/>
    public void OnFrame(PeerConnection connection, in Frame frame)
    {
        if (frame.Kind.IsCall())
        {
            Receive(connection, frame);
        }
        else if (frame.Request is OutgoingCall outgoing && TryTake(outgoing))
        {
            Settle(outgoing, frame);
        }
    }

    /// <inheritdoc/>
    public void OnUnsettled(PeerConnection connection, in UnsettledFrame frame, string reason)
    {
        if (frame.Request is not OutgoingCall outgoing || (frame.Kind == FrameKind.Request && !_outgoing.ContainsKey(frame.Correlation)))
        {
            return;
        }

        if (frame.NeverSent)
        {
            NeverSent(outgoing, $"{connection} cannot be reached: {reason}");
        }
        else
        {
            End(outgoing, new SiloUnavailableException($"The connection to {connection} ended before {outgoing.Call.Name} was answered: {reason}"));
        }
    }

    /// <inheritdoc/>
    public void OnEnded(PeerConnection connection, ConnectionEnd end)
    {
        if (connection.Peer?.Silo is not null && end.Kind != EndKind.Goodbye)
        {
            Member.Refresh();
        }
    }

    private void Settle(OutgoingCall outgoing, in Frame frame)
    {
        var call = outgoing.Call;
        try
        {
            switch (frame.Kind)
            {
                case FrameKind.Response:
                    call.Succeed(_codecs.CodecOf(call.Shape), frame.Body);
                    break;
                case FrameKind.Rejection:
                    _ = RejectedAsync(outgoing, frame.Body.Length == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(frame.Body.Span) : -1);
                    break;
                default:
                    call.Fail(_codecs.Read<Exception>(frame.Body));
                    break;
            }
        }
        catch (WireFormatException exception)
        {
            call.Fail(new OrleansMessageRejectionException($"The answer to {call.Name} was not understood: {exception.Message}"));
        }
    }

    private void Receive(PeerConnection connection, in Frame frame)
    {
        var body = frame.Body;
        var reply = new Reply(this, connection, frame.Correlation, frame.Kind == FrameKind.OneWay);
        MethodCall call;
        CallHeader header;
        try
        {
            header = CallHeader.Read(ref body);
            if (header.Target.Type == CancellationType)
            {
                Cancel(connection, header.Target.Key.ToString());
                return;
            }

            var shape = _interfaces.Find(header.Interface, header.Method)
                ?? throw new OrleansMessageRejectionException($"{Self} knows no method {header.Method} of {header.Interface}.");
            call = (MethodCall)Activator.CreateInstance(shape.CallType)!;
            reply.Shape = shape;
            _codecs.CodecOf(shape).ReadArguments(body, call);
            if (shape.Cancellation is { } cancellation && frame.Kind == FrameKind.Request)
            {
                cancellation.SetValue(call, _cancellable.GetOrAdd((connection, frame.Correlation), static _ => new CancellationTokenSource()).Token);
            }
        }
        catch (Exception exception) when (exception is WireFormatException or OrleansMessageRejectionException)
        {
            MessageCenterLog.NotUnderstood(_logger, connection, exception.Message);
            reply.Failed(new OrleansMessageRejectionException(exception.Message));
            return;
        }

        if (header.Target.Type == ObserverMailbox.GrainType)
        {
            call.Serve(made => PostToObserver(header.Target, made), reply);
        }
        // A caller that knows of a later view: this silo may hold the grain since then.
        else if (header.ViewVersion > Member.View.Version)
        {
            _ = ServeLaterAsync(Member.AtLeastAsync(header.ViewVersion, CancellationToken.None).AsTask(), header.Target, call, reply);
        }
        else
        {
            Serve(header.Target, call, reply);
        }
    }

    private void Cancel(PeerConnection connection, string correlation)
    {
        if (long.TryParse(correlation, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && _cancellable.TryGetValue((connection, number), out var source))
        {
            // What is registered with it is the grain's code, which must not run on the reading thread.
            _ = source.CancelAsync();
        }
    }

    private void PostToObserver(GrainId observer, MethodCall call)
    {
        if (Member.FindObserver(observer)?.TryPost(call) is not true)
        {
            Fail(call, new OrleansException($"The observer {observer.Key} was deleted."));
        }
    }

    private void Serve(GrainId target, MethodCall call, Reply reply)
    {
        switch (Member.OwnershipOf(target))
        {
            case GrainOwnership.Pending:
                _ = ServeLaterAsync(Member.WhenReadyAsync(target), target, call, reply);
                break;
            // Who sent a one-way call is not there any more to send it elsewhere: this process does.
            case GrainOwnership.Elsewhere when !call.Shape.IsOneWay:
                reply.Reject(Member.View.Version);
                break;
            default:
                call.Serve(made => Member.Deliver(target, made), reply);
                break;
        }
    }

    private async Task ServeLaterAsync(Task ready, GrainId target, MethodCall call, Reply reply)
    {
        try
        {
            await ready.ConfigureAwait(false);
        }
        catch (SiloUnavailableException exception)
        {
            reply.Failed(exception);
            return;
        }

        Serve(target, call, reply);
    }

    /// <summary>Answers a call on the connection on which it came.</summary>
    private sealed class Reply(MessageCenter center, PeerConnection connection, long correlation, bool isOneWay) : IReplySink
    {
        public MethodShape? Shape { get; set; }

        public void Succeeded<T>(T result)
        {
            try
            {
                Send(FrameKind.Response, new ResultBody<T>(center._codecs.CodecOf(Shape!), result));
            }
#pragma warning disable CA1031 // A result that cannot be written is an answer too: a failure.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failed(exception);
            }
        }

        public void Failed(Exception exception)
        {
            try
            {
                Send(FrameKind.Failure, new FailureBody(center._codecs, exception));
            }
#pragma warning disable CA1031 // It is called from wherever the call ended, which has no part in it.
            catch (Exception unsaid)
#pragma warning restore CA1031
            {
                MessageCenterLog.NotAnswered(center._logger, unsaid, connection);
            }
        }

        public void Reject(long viewVersion)
        {
            var body = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(body, viewVersion);
            Send(FrameKind.Rejection, new BytesBody(body));
        }

        private void Send<TBody>(FrameKind kind, in TBody body)
            where TBody : IFrameBody
        {
            center._cancellable.TryRemove((connection, correlation), out _);
            if (isOneWay)
            {
                return;
            }

            if (connection.Send(kind, correlation, body) == SendResult.TooLong)
            {
                connection.Send(FrameKind.Failure, correlation, new FailureBody(
                    center._codecs, new OrleansMessageRejectionException($"The answer to {Shape?.Name} is longer than one frame may be.")));
            }
        }
    }

    private readonly struct ResultBody<T>(CallCodec codec, T result) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output) => codec.WriteResult(output, result);
    }

    private readonly struct FailureBody(WireCodecs codecs, Exception exception) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output) => codecs.Write(output, exception);
    }
}

internal static partial class MessageCenterLog
{
    [LoggerMessage(EventId = 1502, Level = LogLevel.Error, Message = "A call from {Peer} could not be answered.")]
    public static partial void NotAnswered(ILogger logger, Exception exception, PeerConnection peer);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Warning, Message = "A call from {Peer} was not understood: {Reason}")]
    public static partial void NotUnderstood(ILogger logger, PeerConnection peer, string reason);
}
