namespace OrleansMqtt.Settings;

/// <summary>What a part of the broker is told and may be told anew while it runs: whoever looks sees the latest. Thread-safe.</summary>
/// <typeparam name="T">An immutable set of settings.</typeparam>
/// <param name="initial">What holds at start.</param>
public sealed class Live<T>(T initial)
    where T : class
{
    private volatile T _current = initial;

    /// <summary>Called when <see cref="Current"/> has become another one, on the thread that changed it.</summary>
    public event Action? Changed;

    /// <summary>What holds now.</summary>
    public T Current => _current;

    /// <summary>Something else holds from now on.</summary>
    public void Set(T settings)
    {
        if (_current.Equals(settings)) return;
        _current = settings;
        Changed?.Invoke();
    }
}
