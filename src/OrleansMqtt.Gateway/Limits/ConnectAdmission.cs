using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>
/// Admits CONNECTs at a bounded rate, so that the clients of a gateway that is gone, who all come at once, leave enough for those that are connected. A bucket holds a burst of
/// admissions and fills at the rate; who finds it empty waits in line.
/// </summary>
/// <remarks>The line is as long as can be admitted within the time to connect: whoever came behind would wait in vain.</remarks>
internal sealed class ConnectAdmission : IDisposable
{
    // Many are admitted together rather than each by a timer of its own.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private readonly Lock _lock = new();
    private readonly Queue<AdmissionTicket> _line = new();
    private readonly Live<GatewayLimits> _limits;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private double _admissions;
    private long _filledAt;

    public ConnectAdmission(Live<GatewayLimits> limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        (_admissions, _filledAt) = (Burst, time.GetTimestamp());
        _timer = time.CreateTimer(static admission => ((ConnectAdmission)admission!).GoOn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private double Rate => _limits.Current.MaxConnectsPerSecond;

    private double Burst => _limits.Current.ConnectBurst;

    /// <summary>How many are in line, those included that have given up behind others that wait.</summary>
    public int Waiting
    {
        get { lock (_lock) return _line.Count; }
    }

    /// <summary>A CONNECT has come.</summary>
    public AdmissionTicket Enter()
    {
        // The same limits from here on: where the rate goes meanwhile there would be no line at all.
        var limits = _limits.Current;
        if (limits.MaxConnectsPerSecond == 0) return AdmissionTicket.Admitted;
        lock (_lock)
        {
            Fill();
            if (_line.Count == 0 && _admissions >= 1)
            {
                _admissions--;
                return AdmissionTicket.Admitted;
            }
            DropGivenUp();
            if (_line.Count >= (long)limits.MaxConnectsPerSecond * limits.ConnectTimeoutSeconds) return AdmissionTicket.Refused;
            var ticket = new AdmissionTicket();
            _line.Enqueue(ticket);
            if (_line.Count == 1) Arm();
            return ticket;
        }
    }

    /// <summary>Who was admitted does not need it: its client has left meanwhile. The next one gets it.</summary>
    public void Return()
    {
        lock (_lock)
        {
            _admissions = Math.Min(Burst, _admissions + 1);
            if (_line.Count > 0) Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void GoOn()
    {
        lock (_lock)
        {
            Fill();
            // The limit may have gone while they waited.
            while ((_admissions >= 1 || Rate == 0) && _line.TryDequeue(out var ticket))
                if (ticket.TryAdmit()) _admissions--;
            DropGivenUp();
            if (_line.Count > 0) Arm();
        }
    }

    private void DropGivenUp()
    {
        while (_line.TryPeek(out var ticket) && ticket.Outcome.IsCompleted) _line.Dequeue();
    }

    private void Fill()
    {
        var now = _time.GetTimestamp();
        _admissions = Math.Min(Burst, _admissions + (_time.GetElapsedTime(_filledAt, now).TotalSeconds * Rate));
        _filledAt = now;
    }

    private void Arm()
    {
        // Without a rate, which it had before, those who wait go at once.
        var pause = Rate is > 0 and var rate ? TimeSpan.FromSeconds(Math.Max(0, 1 - _admissions) / rate) : TimeSpan.Zero;
        _timer.Change(pause > ShortestPause ? pause : ShortestPause, Timeout.InfiniteTimeSpan);
    }
}
