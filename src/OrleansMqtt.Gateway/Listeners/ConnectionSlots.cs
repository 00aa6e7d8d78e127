using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>How many connections a listener may have at once.</summary>
internal sealed class ConnectionSlots(int maximum, WhenFull whenFull) : IDisposable
{
    /// <summary>How many more may be told at once that there is no place for them; whoever comes on top of them is closed without a word.</summary>
    internal const int MostRefused = 1000;

    private readonly SemaphoreSlim _free = new(maximum, maximum);
    private int _refused;

    /// <summary>What becomes of those who find none.</summary>
    public WhenFull WhenFull => whenFull;

    /// <summary>Whether one who has found no place may be told so; to be followed by <see cref="Leave"/>.</summary>
    public bool MayBeRefused
    {
        get
        {
            if (Interlocked.Increment(ref _refused) <= MostRefused) return true;
            Interlocked.Decrement(ref _refused);
            return false;
        }
    }

    /// <summary>Takes a slot, if one is free.</summary>
    public bool TryEnter() => _free.Wait(0);

    /// <summary>Waits for a slot.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _free.WaitAsync(cancellationToken);

    /// <summary>Gives it back.</summary>
    /// <param name="isRefused">Whether there was none.</param>
    public void Leave(bool isRefused = false)
    {
        if (isRefused) Interlocked.Decrement(ref _refused);
        else _free.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
