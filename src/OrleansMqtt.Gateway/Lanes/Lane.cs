using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>
/// The way of some of a gateway's publishers to the receivers: messages go in batches to a router grain on any silo, in order; one that fails is replaced by another.
/// </summary>
/// <remarks>
/// <para>
/// Each message gets a number (<see cref="LaneStamp"/>). Batches of one attempt (one router grain) are numbered too; up to <see cref="LaneBatch.Window"/> of them are on their
/// way without an answer, and the router grain puts them in order. What arrives meanwhile gathers. The answer to a batch comes when all receivers have its
/// messages, or after a moment, with what is known: then the lane asks again, and later batches go on. So a slow receiver keeps those waiting who
/// published to it, and, when it has them hold <see cref="LaneOptions.MaxBytes"/>, the publishers of its lane.
/// </para>
/// <para>
/// When a call fails, whatever the reason, everything without an outcome is sent again, in order, to the router grain of the next attempt, which is another activation and
/// most likely on another silo. The former router may have routed nothing, part or all of it, and may go on for a while. Receivers tell repeats by
/// the numbers; an outcome that still comes from a former router counts, as it says what happened. What that means, provided that a silo is found within
/// <see cref="LaneOptions.Grace"/>:
/// </para>
/// <list type="bullet">
/// <item>Order: each receiver gets the messages of one publisher in their order. A persistent session may get QoS 1 messages a second time, behind later ones.</item>
/// <item>QoS 0: at most once to each connected client; lost when a gateway does not answer, or with this process.</item>
/// <item>QoS 1, 2 to a connected clean session: once, unless its gateway dies; acknowledged when its gateway has it in the client's queue.</item>
/// <item>QoS 1 to a persistent session: at least once. QoS 2: exactly once, by <see cref="MessageIdentity"/>, which messages without one get here.</item>
/// <item>
/// Shared groups: one member gets it. If the router is lost while it goes there and at the same time the members of the group change, or a gateway of theirs does not answer
/// or has no room, two may.
/// </item>
/// <item>Retained messages: stored in the order in which they were published by one client; a former router never brings an older one back.</item>
/// </list>
/// <para>After the grace time nothing is known of what is still held: it fails, and its publishers' connections end. The lane goes on looking for a silo.</para>
/// </remarks>
internal sealed partial class Lane : IThreadPoolWorkItem, IBatched
{
    private const int MaximumCount = 2048;
    // What a message takes besides its bytes.
    private const int Overhead = 256;
    // How long a router that was given up may still be at it: its calls have ended by then.
    private static readonly TimeSpan FormerRouters = TimeSpan.FromSeconds(60);
    private readonly LaneServices _services;
    private readonly int _number;
    private readonly string _source;
    private readonly long _id, _epoch;
    private readonly Lock _lock = new();
    private readonly LinkedList<LaneCall> _calls = [];
    private readonly List<(long Number, TaskCompletionSource Done)> _barriers = [];
    private readonly LaneEntries _entries = new();
    // What comes gathers here, and waits as a block when it is enough for one.
    private readonly PublishPacker _packer = new();
    private readonly ImmutableArray<LaneItem>.Builder _others = ImmutableArray.CreateBuilder<LaneItem>();
    private Queue<LaneBlock> _waiting = new();
    private TaskCompletionSource<bool>? _room;
    private IRouterGrain? _router;
    private ITimer? _pause;
    private TimeSpan _nextPause;
    private long _bytes, _otherBytes, _attempt, _nextIndex, _identityFloor, _failingSince, _failedAt;
    // Calls of this attempt of which it is not known that they are routed.
    private int _unrouted;
    private bool _queued, _paused, _isFailing, _hasFailed, _unavailable, _probe, _stopped;

    public Lane(LaneServices services, int number)
    {
        (_services, _number, _source) = (services, number, MessageIdentity.OfLane(services.Gateway, number));
        (_id, _epoch) = (LaneServices.NewLaneId(), services.Time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Whether a router that was given up may still be at it, so that what has been answered for is routed once more.</summary>
    public bool MayRepeat
    {
        get { lock (_lock) return HasFormerRouters(); }
    }

    /// <summary>Whether publishers may go on; otherwise they are read no further until <see cref="WaitForRoomAsync"/> says so.</summary>
    public bool HasRoom
    {
        // Without the lock, for it is asked with every packet: who goes on by what was true a moment ago is held back with the next one.
        get => !Volatile.Read(ref _unavailable) && Volatile.Read(ref _bytes) < _services.Options.MaxBytes;
    }

    /// <summary>Completes when publishers may go on: true; or when they are to be closed, because no silo has been found for too long: false.</summary>
    public Task<bool> WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (_unavailable || _stopped) return Task.FromResult(false);
            if (_bytes < _services.Options.MaxBytes) return Task.FromResult(true);
            return (_room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when everything that has been added so far is done.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            if (_entries.Floor > _entries.Last) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _barriers.Add((_entries.Last, done));
            return done.Task;
        }
    }

    /// <inheritdoc cref="ILocalRouter.Route"/>
    public RouteResult Route(ref PublishView publish)
    {
        // Nobody waits for QoS 0; what holds its publisher back is that the lane is full.
        var pending = publish.QoS == QualityOfService.AtMostOnce ? null : new PendingPublish();
        var stream = pending is null ? null : publish.Stream;
        bool unavailable;
        Exception? failure;
        lock (_lock)
        {
            (unavailable, failure) = (_unavailable || _stopped, stream?.Failure);
            if (!unavailable && failure is null) Add(ref publish, pending, stream);
        }
        if (unavailable) pending?.Complete(new NoSiloException(null));
        else if (failure is not null) pending?.Complete(failure);
        return new RouteResult(pending is null ? 1 : 0, pending);
    }

    /// <summary>Adds a message of a shared group that a leaving member did not acknowledge.</summary>
    public void Add(Message message, PendingPublish pending, SharedGroupKey group, string leavingClient)
    {
        bool unavailable;
        lock (_lock)
        {
            unavailable = _unavailable || _stopped;
            if (!unavailable)
            {
                AddOther(new LaneItem(Number(message), group, leavingClient));
                Added(message.Size, pending);
            }
        }
        if (unavailable) pending.Complete(new NoSiloException(null));
    }

    /// <summary>Gives up: what is held fails.</summary>
    public void Stop()
    {
        List<PendingPublish> held;
        lock (_lock)
        {
            _stopped = true;
            _pause?.Dispose();
            held = TakeAll();
        }
        FailAll(held, null);
    }

    private bool HasFormerRouters() => _hasFailed && _services.Time.GetElapsedTime(_failedAt) <= FormerRouters;

    // Under the lock, as what follows up to the making of a call.
    private Message Number(Message message)
    {
        var (number, floor) = (_entries.Last + 1, _entries.Floor);
        var identity = message.Identity;
        if (identity is null && message.QoS == QualityOfService.ExactlyOnce)
        {
            // Logs remember the numbers from the floor on, and may be given late what a former router had.
            if (!HasFormerRouters()) _identityFloor = floor;
            identity = new MessageIdentity(_source, new MessageNumber(_epoch, number), new MessageNumber(_epoch, _identityFloor));
        }
        return message.With(identity: identity, stamp: new LaneStamp(_id, number, floor));
    }

    private void Add(ref PublishView publish, PendingPublish? pending, PublishStream? stream)
    {
        var size = publish.Topic.Length + publish.Properties.Length + publish.Payload.Length;
        if (publish.QoS == QualityOfService.ExactlyOnce || publish.Identity is not null)
        {
            AddOther(new LaneItem(Number(publish.ToMessage())));
        }
        else
        {
            MakeRoom(size);
            _packer.Add(in publish, new LaneStamp(_id, _entries.Last + 1, _entries.Floor));
        }
        Added(size, pending, stream);
    }

    private void AddOther(LaneItem item)
    {
        MakeRoom(item.Message.Size);
        _packer.AddOther();
        _others.Add(item);
        _otherBytes += item.Message.Size;
    }

    private void Added(int size, PendingPublish? pending, PublishStream? stream = null)
    {
        _entries.Add(new LaneEntry(pending, size + Overhead, stream, false));
        _bytes += size + Overhead;
        Queue();
    }

    private LaneBlock Gathered()
    {
        var first = _entries.Last + 1 - _packer.Count;
        _otherBytes = 0;
        return new LaneBlock(_packer.Pack(), _others.DrainToImmutable(), first);
    }

    private void MakeRoom(int size)
    {
        if (_packer.Count >= MaximumCount || (_packer.Count > 0 && _packer.Length + _otherBytes + size > _services.Options.BatchBytes)) _waiting.Enqueue(Gathered());
    }

    // Returns whether nothing is to be asked for any more.
    private bool OnAnswered(LaneCall call, ImmutableArray<int> outcomes)
    {
        if (outcomes.Length != call.Block.Count) throw new InvalidDataException($"{outcomes.Length} outcomes for {call.Block.Count} messages.");
        // The next call goes on this thread, after those who are told now.
        using var batch = DeliveryBatch.Begin();
        List<(PendingPublish Pending, int Outcome)>? told = null;
        var (done, open, unmatched) = (0, 0, 0);
        Wakened wakened;
        bool finished;
        lock (_lock)
        {
            for (var i = 0; i < outcomes.Length; i++)
            {
                if (outcomes[i] == RouteOutcome.Pending)
                {
                    if (!_entries.IsDone(call.Block.NumberOf(i))) open++;
                    continue;
                }
                var entry = _entries.Finish(call.Block.NumberOf(i));
                if (entry.IsDone) continue;
                _bytes -= entry.Size;
                done++;
                if (entry.Pending is not null) (told ??= new List<(PendingPublish, int)>(outcomes.Length - i)).Add((entry.Pending, outcomes[i]));
                else if (outcomes[i] == 0) unmatched++;
                // Of what is final nothing is sent again.
                if (entry.Stream is { } stream && RouteOutcome.FailureOf(outcomes[i]) is { } failure && !RouteOutcome.IsFinal(failure))
                {
                    stream.Fail(failure);
                    foreach (var held in FailBehind(call.Block.NumberOf(i), stream)) told!.Add((held, outcomes[i]));
                }
            }
            var isCurrent = call.Attempt == _attempt;
            if (isCurrent) OnSilo(progress: done > 0 || call.Block.Count == 0);
            if (isCurrent && !call.IsRouted) _unrouted--;
            call.IsRouted = true;
            // One that is done by the word of a former router stays until its own has said that its turn has been.
            while (_calls.First is { Value: { IsRouted: true } first } && IsDone(first)) _calls.RemoveFirst();
            finished = open == 0 || !isCurrent;
            Queue();
            wakened = TakeWakened();
        }
        for (; unmatched > 0; unmatched--) _services.Metrics.CountUnmatched();
        if (told is not null) Tell(told);
        wakened.Wake();
        return finished;
    }

    private bool IsDone(LaneCall call)
    {
        for (var i = call.Block.Count - 1; i >= 0; i--)
            if (!_entries.IsDone(call.Block.NumberOf(i))) return false;
        return true;
    }

    // There is a silo.
    private void OnSilo(bool progress)
    {
        if (_isFailing) LogFound(_services.Logger, _services.Gateway, _number, _attempt);
        (_isFailing, _unavailable) = (false, false);
        // Routers that fail as soon as they have routed are not to be changed as fast as they fail: each has the same messages to route.
        if (progress) _nextPause = TimeSpan.Zero;
    }

    private static void Tell(List<(PendingPublish Pending, int Outcome)> told)
    {
        foreach (var (pending, outcome) in told)
        {
            if (RouteOutcome.FailureOf(outcome) is { } failure) pending.Complete(failure);
            else pending.CompleteFound(outcome);
        }
    }

    private readonly record struct Wakened(TaskCompletionSource<bool>? Room, bool MayGoOn, List<TaskCompletionSource>? Barriers)
    {
        public void Wake()
        {
            Room?.SetResult(MayGoOn);
            if (Barriers is not null)
                foreach (var barrier in Barriers) barrier.SetResult();
        }
    }

    // Those for whom something has come true; woken outside the lock.
    private Wakened TakeWakened()
    {
        TaskCompletionSource<bool>? room = null;
        var mayGoOn = !_unavailable && !_stopped;
        if (_room is not null && (!mayGoOn || _bytes <= _services.Options.MaxBytes / 2)) (room, _room) = (_room, null);
        List<TaskCompletionSource>? barriers = null;
        if (_barriers.Count > 0)
        {
            barriers = [.. _barriers.Where(barrier => barrier.Number < _entries.Floor).Select(static barrier => barrier.Done)];
            _barriers.RemoveAll(barrier => barrier.Number < _entries.Floor);
        }
        return new Wakened(room, mayGoOn, barriers);
    }

    [LoggerMessage(300, LogLevel.Warning, "Gateway {Gateway}, lane {Lane}: attempt {Attempt} has failed; what it has no answer for goes to another router.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string gateway, int lane, long attempt);

    [LoggerMessage(301, LogLevel.Information, "Gateway {Gateway}, lane {Lane}: attempt {Attempt} has found a silo.")]
    private static partial void LogFound(ILogger logger, string gateway, int lane, long attempt);

    [LoggerMessage(302, LogLevel.Error, "Gateway {Gateway}, lane {Lane}: no silo for too long; {Count} messages are given up, and their publishers closed.")]
    private static partial void LogUnavailable(ILogger logger, string gateway, int lane, int count);
}
