namespace OrleansMqtt.Gateway.Lanes;

// What a lane does when a router fails.
internal sealed partial class Lane
{
    private void OnFailed(LaneCall call, Exception exception)
    {
        List<LaneEntry> failed = [];
        Wakened wakened;
        lock (_lock)
        {
            if (call.Attempt != _attempt || _stopped) return;
            LogFailed(_services.Logger, exception, _services.Gateway, _number, _attempt);
            var now = _services.Time.GetTimestamp();
            if (!_isFailing) (_isFailing, _failingSince) = (true, now);
            if (!HasFormerRouters()) _identityFloor = _floor;
            (_hasFailed, _failedAt) = (true, now);
            SendAgain();
            if (!_unavailable && _services.Time.GetElapsedTime(_failingSince, now) >= _services.Options.Grace)
            {
                _unavailable = true;
                failed = TakeAll();
                LogUnavailable(_services.Logger, _services.Gateway, _number, failed.Count);
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
        var again = new Queue<LaneEntry>();
        foreach (var entry in _calls.SelectMany(static c => c.Entries))
            if (!entry.IsDone) again.Enqueue(entry);
        foreach (var entry in _waiting) again.Enqueue(entry);
        _waiting = again;
        _calls.Clear();
        _attempt++;
        (_nextIndex, _router) = (0, null);
    }

    // The first time it is tried again at once.
    private void Pause()
    {
        var pause = _nextPause;
        _nextPause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
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

    private List<LaneEntry> TakeAll()
    {
        List<LaneEntry> all = [.. _calls.SelectMany(static c => c.Entries), .. _waiting];
        all.RemoveAll(static entry => entry.IsDone);
        foreach (var entry in all) (entry.IsDone, _bytes) = (true, _bytes - entry.Size);
        _calls.Clear();
        _waiting.Clear();
        RaiseFloor();
        return all;
    }

    private void FailAll(List<LaneEntry> entries, Exception? cause)
    {
        if (entries.Count == 0) return;
        var failure = new NoSiloException(cause);
        foreach (var entry in entries) entry.Pending?.Complete(failure);
        Wakened wakened;
        lock (_lock) wakened = TakeWakened();
        wakened.Wake();
    }
}
