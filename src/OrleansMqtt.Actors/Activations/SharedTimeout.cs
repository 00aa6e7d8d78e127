namespace OrleansMqtt.Actors.Activations;

/// <summary>
/// Hands out tokens that are cancelled when <paramref name="time"/> has passed, or up to an eighth of it later: those who ask at about
/// the same time share one, so that a grain that is activated in a microsecond costs no timer.
/// </summary>
internal sealed class SharedTimeout(TimeSpan time, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _source;
    private long _begun;

    public CancellationToken Begin()
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_source is null || clock.GetElapsedTime(_begun, now) >= time / 8)
            {
                // Not disposed of: somebody may still wait for the earlier one. It ends with its timer.
                _source = new CancellationTokenSource(time + time / 8, clock);
                _begun = now;
            }

            return _source.Token;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _source?.Dispose();
            _source = null;
        }
    }
}
