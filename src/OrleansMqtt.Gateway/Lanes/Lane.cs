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
internal sealed partial class Lane : IThreadPoolWorkItem
{
    private const int MaximumCount = 2048;
    private const int MaximumBatchBytes = 1 << 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(1);
    // How long a router that was given up may still be at it: its calls have ended by then.
    private static readonly TimeSpan FormerRouters = TimeSpan.FromSeconds(60);
    private readonly LaneServices _services;
    private readonly int _number;
    private readonly string _source;
    private readonly long _id, _epoch;
    private readonly Lock _lock = new();
    private readonly LinkedList<LaneCall> _calls = [];
    private readonly List<(long Number, TaskCompletionSource Done)> _barriers = [];
    private Queue<LaneEntry> _waiting = new();
    private TaskCompletionSource<bool>? _room;
    private IRouterGrain? _router;
    private ITimer? _pause;
    private TimeSpan _nextPause;
    private long _last, _bytes, _attempt, _nextIndex, _identityFloor, _failingSince, _failedAt;
    // The lowest number without an outcome; one more than the last when there is none.
    private long _floor = 1;
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
        get { lock (_lock) return !_unavailable && _bytes < _services.Options.MaxBytes; }
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
            if (_floor > _last) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _barriers.Add((_last, done));
            return done.Task;
        }
    }

    /// <summary>Adds a message behind those that have been added. Never blocks; <paramref name="pending"/>, where there is one, is told of the outcome.</summary>
    public void Add(Message message, PendingPublish? pending, SharedGroupKey? group = null, string? leavingClient = null)
    {
        var unavailable = false;
        lock (_lock)
        {
            unavailable = _unavailable || _stopped;
            if (!unavailable)
            {
                var entry = new LaneEntry(new LaneItem(Number(message), group, leavingClient), pending);
                _waiting.Enqueue(entry);
                _bytes += entry.Size;
                Queue();
            }
        }
        if (unavailable) pending?.Complete(new NoSiloException(null));
    }

    /// <summary>Gives up: what is held fails.</summary>
    public void Stop()
    {
        List<LaneEntry> held;
        lock (_lock)
        {
            _stopped = true;
            _pause?.Dispose();
            held = TakeAll();
        }
        FailAll(held, null);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            LaneCall call;
            LaneBatch batch;
            lock (_lock)
            {
                _queued = false;
                if (!TryMakeCall(out call)) return;
                // On behalf of whoever else comes while this one is being sent.
                _queued = true;
                batch = new LaneBatch(call.Index, _calls.First!.Value.Index, call.Items);
            }
            _ = RunAsync(call, batch);
        }
    }

    private bool HasFormerRouters() => _hasFailed && _services.Time.GetElapsedTime(_failedAt) <= FormerRouters;

    private void RaiseFloor()
    {
        foreach (var call in _calls)
            foreach (var entry in call.Entries)
                if (!entry.IsDone)
                {
                    _floor = entry.Number;
                    return;
                }
        foreach (var entry in _waiting)
            if (!entry.IsDone)
            {
                _floor = entry.Number;
                return;
            }
        _floor = _last + 1;
    }

    private Message Number(Message message)
    {
        var number = ++_last;
        var identity = message.Identity;
        if (identity is null && message.QoS == QualityOfService.ExactlyOnce)
        {
            // Logs remember the numbers from the floor on, and may be given late what a former router had.
            if (!HasFormerRouters()) _identityFloor = _floor;
            identity = new MessageIdentity(_source, new MessageNumber(_epoch, number), new MessageNumber(_epoch, _identityFloor));
        }
        return message.With(identity: identity, stamp: new LaneStamp(_id, number, _floor));
    }

    private void Queue()
    {
        if (_queued || _paused || _stopped) return;
        _queued = true;
        // In the pool's queue: what was read together goes together.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryMakeCall(out LaneCall call)
    {
        call = null!;
        if (_paused || _stopped || (_waiting.Count == 0 && !_probe)) return false;
        var unrouted = _calls.Count(static c => !c.IsRouted);
        // After a failure one goes first, to see whether there is a silo.
        if (unrouted >= (_isFailing ? 1 : LaneBatch.Window)) return false;
        var entries = new List<LaneEntry>();
        long bytes = 0;
        while (entries.Count < MaximumCount && _waiting.TryPeek(out var next) && (entries.Count == 0 || bytes + next.Size <= MaximumBatchBytes))
        {
            _waiting.Dequeue();
            // A former router has answered for it meanwhile.
            if (next.IsDone) continue;
            entries.Add(next);
            bytes += next.Size;
        }
        if (entries.Count == 0 && !_probe) return false;
        _probe = false;
        call = new LaneCall(_attempt, _nextIndex++, entries);
        _calls.AddLast(call);
        return true;
    }

    private async Task RunAsync(LaneCall call, LaneBatch batch)
    {
        try
        {
            var router = RouterOf(call);
            for (var outcomes = await router.RouteLaneAsync(batch).ConfigureAwait(false); !OnAnswered(call, outcomes);)
                outcomes = await router.AwaitLaneAsync(call.Index).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it failed with, it is sent again to another router.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed(call, exception);
        }
    }

    // The key of an attempt is used by no other lane or process, and so leads anywhere.
    private IRouterGrain RouterOf(LaneCall call)
    {
        lock (_lock)
        {
            if (call.Attempt != _attempt) throw new InvalidOperationException("The attempt was given up.");
            return _router ??= _services.Grains.GetGrain<IRouterGrain>($"{_services.Gateway}/{_number}/{_id:x16}/{_attempt}");
        }
    }

    // Returns whether nothing is to be asked for any more.
    private bool OnAnswered(LaneCall call, ImmutableArray<int> outcomes)
    {
        if (outcomes.Length != call.Entries.Count) throw new InvalidDataException($"{outcomes.Length} outcomes for {call.Entries.Count} messages.");
        var done = new List<(LaneEntry Entry, int Outcome)>();
        Wakened wakened;
        bool finished;
        lock (_lock)
        {
            for (var i = 0; i < outcomes.Length; i++)
            {
                var entry = call.Entries[i];
                if (outcomes[i] == RouteOutcome.Pending || entry.IsDone) continue;
                entry.IsDone = true;
                _bytes -= entry.Size;
                done.Add((entry, outcomes[i]));
            }
            var isCurrent = call.Attempt == _attempt;
            if (isCurrent) OnSilo(progress: done.Count > 0 || call.Entries.Count == 0);
            call.IsRouted = true;
            // One that is done by the word of a former router stays until its own has said that its turn has been.
            while (_calls.First is { Value: { IsRouted: true, IsDone: true } }) _calls.RemoveFirst();
            if (done.Count > 0) RaiseFloor();
            finished = call.IsDone || !isCurrent;
            Queue();
            wakened = TakeWakened();
        }
        _services.Together(() =>
        {
            foreach (var (entry, outcome) in done) Complete(entry, outcome);
        });
        wakened.Wake();
        return finished;
    }

    // There is a silo.
    private void OnSilo(bool progress)
    {
        if (_isFailing) LogFound(_services.Logger, _services.Gateway, _number, _attempt);
        (_isFailing, _unavailable) = (false, false);
        // Routers that fail as soon as they have routed are not to be changed as fast as they fail: each has the same messages to route.
        if (progress) _nextPause = TimeSpan.Zero;
    }

    private void Complete(LaneEntry entry, int outcome)
    {
        if (entry.Pending is not { } pending)
        {
            if (outcome == 0) _services.Metrics.CountUnmatched();
        }
        else if (RouteOutcome.FailureOf(outcome) is { } failure)
        {
            pending.Complete(failure);
        }
        else
        {
            pending.CompleteFound(outcome);
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
            barriers = [.. _barriers.Where(barrier => barrier.Number < _floor).Select(static barrier => barrier.Done)];
            _barriers.RemoveAll(barrier => barrier.Number < _floor);
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
