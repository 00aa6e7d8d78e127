using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>How much is sent to one connection. Used under the gate of its outbox.</summary>
/// <param name="limits">The rates.</param>
/// <param name="wheel">Where it waits.</param>
/// <param name="time">The clock.</param>
/// <param name="user">What the client's user has used; null where the client has no user.</param>
/// <param name="flush">Asks again whether something may go.</param>
internal sealed class OutboundRate(Live<GatewayLimits> limits, PauseWheel wheel, TimeProvider time, UserFlow? user, Action flush)
{
    private readonly Flow _client = new(time);
    // Where the messages end that wait, in bytes since the connection began.
    private readonly Queue<long> _ends = new();
    private long _sent;
    private bool _isWaiting;

    private RateLimits Rates => limits.Current.Rates;

    /// <summary>A message has been written: the last of <paramref name="waiting"/> bytes that are to be sent.</summary>
    public void Wrote(int waiting)
    {
        if (Rates is { MaxClientMessagesOutPerSecond: 0, MaxUserMessagesOutPerSecond: 0 }) return;
        _ends.Enqueue(_sent + waiting);
    }

    /// <summary>How many of <paramref name="waiting"/> bytes may be sent now; they count as sent. Where there are none, it asks again when there are some.</summary>
    public int Take(int waiting)
    {
        var rates = Rates;
        var (messages, bytes) = _client.Allowance(OfClient(rates), rates.RateBurstSeconds);
        if (user is not null)
        {
            var (shared, sharedBytes) = user.Out.Allowance(OfUser(rates), rates.RateBurstSeconds);
            (messages, bytes) = (Math.Min(messages, shared), Math.Min(bytes, sharedBytes));
        }
        var (taken, count) = Whole(messages, Math.Min(waiting, bytes));
        if (taken == 0)
        {
            Wait(rates);
            return 0;
        }
        _sent += taken;
        _client.Take(OfClient(rates), rates.RateBurstSeconds, count, taken);
        user?.Out.Take(OfUser(rates), rates.RateBurstSeconds, count, taken);
        return (int)taken;
    }

    /// <summary>It has asked again.</summary>
    public void GoOn() => _isWaiting = false;

    // As much of what waits as has no more than so many messages and bytes; a message counts when its end goes.
    private (long Bytes, long Messages) Whole(long messages, long bytes)
    {
        var (count, last) = (0L, _sent);
        while (_ends.TryPeek(out var end) && end - _sent <= bytes)
        {
            if (count == messages) return (last - _sent, count);
            _ends.Dequeue();
            (count, last) = (count + 1, end);
        }
        // What stands behind the last message is the beginning of one that may not go yet, or answers.
        return _ends.Count > 0 && count == messages ? (last - _sent, count) : (bytes, count);
    }

    private void Wait(RateLimits rates)
    {
        if (_isWaiting) return;
        _isWaiting = true;
        var client = _client.Wait(OfClient(rates), rates.RateBurstSeconds);
        var shared = user?.Out.Wait(OfUser(rates), rates.RateBurstSeconds) ?? TimeSpan.Zero;
        wheel.Add(flush, client > shared ? client : shared);
    }

    private static FlowRate OfClient(RateLimits rates) => new(rates.MaxClientMessagesOutPerSecond, rates.MaxClientBytesOutPerSecond);

    private static FlowRate OfUser(RateLimits rates) => new(rates.MaxUserMessagesOutPerSecond, rates.MaxUserBytesOutPerSecond);
}
