namespace OrleansMqtt.Actors.Mailboxes;

/// <summary>
/// Lets a thread that hands out calls run the turns of the first mailbox that it wakes itself, when it has handed out everything: waking another thread for it would cost more than most
/// turns do. Those of further mailboxes have the thread pool.
/// </summary>
internal static class TurnsHere
{
    [ThreadStatic]
    private static IThreadPoolWorkItem? _first;

    [ThreadStatic]
    private static bool _isOpen;

    /// <summary>Begins handing out; dispose the scope to run what is to be run. Not for use within a turn.</summary>
    public static Scope Begin()
    {
        _isOpen = true;
        return default;
    }

    /// <summary>Whether this thread will run it.</summary>
    public static bool TryTake(IThreadPoolWorkItem mailbox)
    {
        if (!_isOpen)
        {
            return false;
        }

        (_first, _isOpen) = (mailbox, false);
        return true;
    }

    /// <summary>A time of handing out.</summary>
    public readonly ref struct Scope
    {
        /// <summary>Ends it.</summary>
#pragma warning disable CA1822 // A using statement calls it on its scope; what it ends is of the thread.
        public void Dispose()
#pragma warning restore CA1822
        {
            (var mailbox, _first, _isOpen) = (_first, null, false);
            mailbox?.Execute();
        }
    }
}
