using OrleansMqtt.Leases;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

// What a lane does when a router fails.
internal sealed partial class Lane
{
    private void OnFailed(LaneCall call, Exception exception)
    {
        List<PendingPublish> failed = [];
        Wakened wakened;
        lock (_lock)
        {
            if (call.Attempt != _attempt || _stopped) return;
            LogFailed(_services.Logger, exception, _services.Gateway, _number, _attempt);
            var now = _services.Time.GetTimestamp();
            if (!_isFailing) (_isFailing, _failingSince) = (true, now);
            if (!HasFormerRouters()) _identityFloor = _entries.Floor;
            (_hasFailed, _failedAt) = (true, now);
            SendAgain();
            if (!_unavailable && _services.Time.GetElapsedTime(_failingSince, now) >= _services.Options.Grace)
            {
                _unavailable = true;
                LogUnavailable(_services.Logger, _services.Gateway, _number, _entries.Count);
                failed = TakeAll();
            }
            _probe = _unavailable;
            Pause();
            wakened = TakeWakened();
        }
        FailAll(failed, exception);
        wakened.Wake();
    }

    // Under the lock: everything without an outcome stands before what waits, in its order, for the router of the next attempt.
    private void SendAgain()
    {
        var again = new Queue<LaneBlock>();
        foreach (var call in _calls)
        {
            call.Block.IsAgain = true;
            again.Enqueue(call.Block);
        }
        foreach (var block in _waiting) again.Enqueue(block);
        _waiting = again;
        _calls.Clear();
        _attempt++;
        (_nextIndex, _unrouted, _router) = (0, 0, null);
    }

    // Under the lock: a message of the stream has failed, and its publisher sends again what is behind it. Those that are on their way already fail where they arrive.
    private List<PendingPublish> FailBehind(long number, PublishStream stream)
    {
        List<PendingPublish> failed = [];
        foreach (var behind in _entries.Behind(number, stream).ToList())
        {
            var entry = _entries.Finish(behind);
            _bytes -= entry.Size;
            failed.Add(entry.Pending!);
        }
        if (_packer.Count > 0) _waiting.Enqueue(Gathered());
        foreach (var block in _waiting) block.IsAgain = true;
        return failed;
    }

    // The first time it is tried again at once.
    private void Pause()
    {
        var pause = _nextPause;
        _nextPause = BackOff.After(pause);
        if (pause == TimeSpan.Zero)
        {
            Queue();
            return;
        }
        _paused = true;
        _pause?.Dispose();
        _pause = _services.Time.CreateTimer(static lane => ((Lane)lane!).EndPause(), this, pause, Timeout.InfiniteTimeSpan);
    }

    private void EndPause()
    {
        lock (_lock)
        {
            _paused = false;
            Queue();
        }
    }

    // Under the lock: who waits for what is held, which is given up.
    private List<PendingPublish> TakeAll()
    {
        var waiting = new List<PendingPublish>();
        for (var number = _entries.Floor; number <= _entries.Last; number++)
        {
            if (_entries.Finish(number) is { IsDone: false, Pending: { } pending }) waiting.Add(pending);
        }
        _bytes = 0;
        _calls.Clear();
        _unrouted = 0;
        _waiting.Clear();
        if (_packer.Count > 0) _ = Gathered();
        return waiting;
    }

    private void FailAll(List<PendingPublish> waiting, Exception? cause)
    {
        var failure = new NoSiloException(cause);
        foreach (var pending in waiting) pending.Complete(failure);
        Wakened wakened;
        lock (_lock) wakened = TakeWakened();
        wakened.Wake();
    }
}
