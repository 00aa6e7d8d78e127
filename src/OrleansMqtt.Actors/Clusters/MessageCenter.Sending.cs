using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Serialization;

namespace OrleansMqtt.Actors.Clusters;

/// <content>Calls that leave.</content>
internal sealed partial class MessageCenter
{
    // How long a call that was certainly not made waits for the membership table, which says whether its grain has moved. A silo that is merely gone is
    // declared dead much later, and then callers shall know at once.
    private static readonly TimeSpan PatienceForNews = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<long, OutgoingCall> _outgoing = new();
    private int _isWatched;

    private sealed record OutgoingCall(long Correlation, GrainId Target, MethodCall Call, SiloAddress? Silo)
    {
        public PeerConnection? Connection { get; init; }

        /// <summary>Sends its cancellation after it.</summary>
        public CancellationTokenRegistration Cancellation { get; set; }
    }

    /// <summary>Sends a call of a grain to the silo that holds it by a view.</summary>
    public void SendToGrain(SiloAddress silo, GrainId grainId, MethodCall call, MembershipView view) =>
        Send(Network.ConnectionTo(silo), grainId, call, silo, view.Version);

    /// <summary>Sends a call to an observer in another process.</summary>
    public void SendToObserver(PeerIdentity home, GrainId observer, MethodCall call)
    {
        var connection = home.Silo is { } silo ? Network.ConnectionTo(silo) : Network.ConnectionOf(home);
        if (connection is null)
        {
            call.Fail(new SiloUnavailableException($"The process of the observer {observer.Key} ({home}) is not connected."));
            return;
        }

        Send(connection, observer, call, null, -1);
    }

    /// <inheritdoc/>
    public bool FailOverdueCalls()
    {
        Volatile.Write(ref _isWatched, 0);
        foreach (var (_, call) in _outgoing)
        {
            if (_environment.Clock.IsOverdue(call.Call) && TryTake(call))
            {
                call.Connection?.Abandon(call.Correlation);
                call.Call.Fail(new TimeoutException($"No answer within {_environment.Clock.Timeout} to {call.Call.Name} on {call.Target}."));
            }
        }

        // It watches itself again with the next call, should one come between.
        return !_outgoing.IsEmpty && Interlocked.Exchange(ref _isWatched, 1) == 0;
    }

    /// <summary>All calls that have left fail: this process, or what stands for it, was killed.</summary>
    public void FailAll(Exception exception)
    {
        foreach (var correlation in _outgoing.Keys)
        {
            if (_outgoing.TryGetValue(correlation, out var call) && TryTake(call))
            {
                call.Call.Fail(exception);
            }
        }
    }

    private void Send(PeerConnection connection, GrainId target, MethodCall call, SiloAddress? silo, long viewVersion)
    {
        var isOneWay = call.Shape.IsOneWay;
        var outgoing = new OutgoingCall(NextCorrelation(), target, call, silo) { Connection = connection };
        if (!isOneWay)
        {
            if (call.Hops == 0)
            {
                call.PostedAt = _environment.Clock.Now;
            }

            _outgoing[outgoing.Correlation] = outgoing;
            if (Interlocked.Exchange(ref _isWatched, 1) == 0)
            {
                _environment.Clock.Watch(this);
            }
        }

        SendResult result;
        try
        {
            result = connection.Send(
                isOneWay ? FrameKind.OneWay : FrameKind.Request, outgoing.Correlation,
                new CallBody(CallHeader.Of(target, call.Shape, viewVersion), _codecs.CodecOf(call.Shape), call), outgoing);
        }
#pragma warning disable CA1031 // What cannot be written is the caller's own mistake, and it alone hears of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End(outgoing, exception);
            return;
        }

        switch (result)
        {
            case SendResult.Accepted:
                if (!isOneWay)
                {
                    FollowCancellation(outgoing);
                }

                break;
            case SendResult.QueueFull:
                End(outgoing, new OrleansMessageRejectionException($"Too many bytes wait already for {connection}; {call.Name} was not sent."));
                break;
            case SendResult.TooLong:
                End(outgoing, new OrleansMessageRejectionException($"{call.Name} has longer arguments than one frame may hold."));
                break;
            default:
                NeverSent(outgoing, $"The connection to {connection} has ended.");
                break;
        }
    }

    private bool TryTake(OutgoingCall outgoing)
    {
        outgoing.Cancellation.Dispose();
        return _outgoing.TryRemove(outgoing.Correlation, out _);
    }

    private void FollowCancellation(OutgoingCall outgoing)
    {
        if (outgoing.Call.Shape.Cancellation?.GetValue(outgoing.Call) is CancellationToken { CanBeCanceled: true } token)
        {
            outgoing.Cancellation = token.UnsafeRegister(static (state, _) => ((Action)state!)(), () => Cancel(outgoing));
            if (!_outgoing.ContainsKey(outgoing.Correlation))
            {
                // Answered already.
                outgoing.Cancellation.Dispose();
            }
        }
    }

    // It is only a wish: if the connection has ended meanwhile, so has the call.
    private void Cancel(OutgoingCall outgoing) =>
        outgoing.Connection!.Send(FrameKind.OneWay, NextCorrelation(), new CancellationBody(outgoing.Correlation));

    private void End(OutgoingCall outgoing, Exception failure)
    {
        TryTake(outgoing);
        Fail(outgoing.Call, failure);
    }

    private void Fail(MethodCall call, Exception failure)
    {
        if (call.Shape.IsOneWay)
        {
            CallLog.OneWayFailed(_logger, call.Name, this, failure);
        }

        call.Fail(failure);
    }

    /// <summary>The call was certainly not made. If the grain has moved, it goes to its new home.</summary>
    private void NeverSent(OutgoingCall outgoing, string reason)
    {
        TryTake(outgoing);
        if (outgoing.Silo is not { } silo || ++outgoing.Call.Hops > MaxHops)
        {
            Fail(outgoing.Call, new SiloUnavailableException(reason));
            return;
        }

        _ = RerouteAsync(outgoing, silo, reason);
    }

    private async Task RerouteAsync(OutgoingCall outgoing, SiloAddress silo, string reason)
    {
        var member = Member;
        if (silo.Equals(member.View.Placement.Of(outgoing.Target)))
        {
            await member.RefreshAsync().WaitAsync(PatienceForNews, _environment.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (silo.Equals(member.View.Placement.Of(outgoing.Target)))
        {
            Fail(outgoing.Call, new SiloUnavailableException(reason));
            return;
        }

        member.Deliver(outgoing.Target, outgoing.Call);
    }

    /// <summary>The process that got it says that it does not hold the grain.</summary>
    private async Task RejectedAsync(OutgoingCall outgoing, long viewVersion)
    {
        if (++outgoing.Call.Hops > MaxHops)
        {
            Fail(outgoing.Call, new OrleansMessageRejectionException($"{outgoing.Call.Name} did not find {outgoing.Target} in {MaxHops} silos."));
            return;
        }

        try
        {
            await Member.AtLeastAsync(viewVersion, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SiloUnavailableException exception)
        {
            Fail(outgoing.Call, exception);
            return;
        }

        Member.Deliver(outgoing.Target, outgoing.Call);
    }

    private readonly struct CancellationBody(long correlation) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output) =>
            new CallHeader(GrainId.Create(CancellationType, correlation.ToString(CultureInfo.InvariantCulture)), "", "", -1).Write(output);
    }

    private readonly struct CallBody(CallHeader header, CallCodec codec, MethodCall call) : IFrameBody
    {
        public void Write(IBufferWriter<byte> output)
        {
            header.Write(output);
            codec.WriteArguments(output, call);
        }
    }
}
