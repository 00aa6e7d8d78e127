namespace OrleansMqtt.Gateway.Limits;

/// <summary>
/// A bucket of tokens that fills at a rate. More may be taken than are in it: then it is in debt, and empty until that is paid. Rate and burst are given with every call, so that they may
/// change. Thread-safe.
/// </summary>
internal sealed class TokenBucket(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = double.PositiveInfinity;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Whether <paramref name="count"/> may be taken: there are as many, or as many as it holds at most.</summary>
    public bool Has(double rate, double burst, long count)
    {
        lock (_lock) return Fill(rate, burst) >= Math.Min(count, burst);
    }

    /// <summary>Takes tokens, whether it has them or not.</summary>
    public void Take(double rate, double burst, long count)
    {
        lock (_lock) _tokens = Fill(rate, burst) - count;
    }

    /// <summary>How long it takes until there is one token; zero where there is.</summary>
    public TimeSpan UntilNext(double rate, double burst)
    {
        lock (_lock)
        {
            var missing = 1 - Fill(rate, burst);
            return missing <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(missing / rate, int.MaxValue));
        }
    }

    /// <summary>Whole tokens that are there.</summary>
    public long Tokens(double rate, double burst)
    {
        lock (_lock) return (long)Math.Floor(Math.Max(0, Fill(rate, burst)));
    }

    // Rounded, so that a tenth of a second is worth the tenth of a rate.
    private double Fill(double rate, double burst)
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, Math.Round(_tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * rate), 6));
        _filledAt = now;
        return _tokens;
    }
}
