using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>How much one connection sends. Used by the one who reads it, but for <see cref="GiveUp"/>.</summary>
internal sealed class InboundRate(Live<GatewayLimits> limits, PauseWheel wheel, TimeProvider time, UserFlow? user)
{
    private readonly Flow _client = new(time);
    private TaskCompletionSource? _pause;
    private long _counted;
    private volatile bool _givenUp;

    private RateLimits Rates => limits.Current.Rates;

    /// <summary>What is to happen beyond the rate.</summary>
    public OverRatePolicy Policy => Rates.WhenOverRate;

    /// <summary>Whether the client is to be read no further for a while.</summary>
    public bool IsOver => Wait() > TimeSpan.Zero;

    /// <summary>Whether a message of so many bytes keeps to the rate.</summary>
    public bool Has(long bytes)
    {
        var rates = Rates;
        return _client.Has(OfClient(rates), rates.RateBurstSeconds, bytes) && user?.In.Has(OfUser(rates), rates.RateBurstSeconds, bytes) != false;
    }

    /// <summary>So much has come.</summary>
    public void Take(long messages, long bytes)
    {
        var rates = Rates;
        _counted += bytes;
        _client.Take(OfClient(rates), rates.RateBurstSeconds, messages, bytes);
        user?.In.Take(OfUser(rates), rates.RateBurstSeconds, messages, bytes);
    }

    /// <summary>So much has come in all since this was called before: what has not been taken for messages is taken now.</summary>
    public void TakeOther(long bytes)
    {
        var other = bytes - _counted;
        if (other > 0) Take(0, other);
        _counted = 0;
    }

    /// <summary>Completes when the client may go on, or has been given up.</summary>
    public async Task WaitAsync()
    {
        while (!_givenUp && Wait() is { Ticks: > 0 } wait)
        {
            var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _pause = pause;
            // Given up at this very moment: either that has seen the pause, or it is seen here.
            Interlocked.MemoryBarrier();
            if (_givenUp) return;
            wheel.Add(() => pause.TrySetResult(), wait);
            await pause.Task;
        }
    }

    /// <summary>The connection ends: nobody waits any more. Any thread.</summary>
    public void GiveUp()
    {
        _givenUp = true;
        Interlocked.MemoryBarrier();
        _pause?.TrySetResult();
    }

    private TimeSpan Wait()
    {
        var rates = Rates;
        var client = _client.Wait(OfClient(rates), rates.RateBurstSeconds);
        var shared = user?.In.Wait(OfUser(rates), rates.RateBurstSeconds) ?? TimeSpan.Zero;
        return client > shared ? client : shared;
    }

    private static FlowRate OfClient(RateLimits rates) => new(rates.MaxClientMessagesInPerSecond, rates.MaxClientBytesInPerSecond);

    private static FlowRate OfUser(RateLimits rates) => new(rates.MaxUserMessagesInPerSecond, rates.MaxUserBytesInPerSecond);
}
