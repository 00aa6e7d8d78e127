namespace OrleansMqtt.Routing;

/// <summary>
/// What one stretch of work on this thread has written to: outboxes of clients, lanes of a gateway, links to gateways. They are flushed once, when the outermost stretch ends, so that
/// a batch of publishes makes one write per receiver. Must not span an await.
/// </summary>
internal static class DeliveryBatch
{
    [ThreadStatic]
    private static List<IBatched>? _marked;

    [ThreadStatic]
    private static int _depth;

    /// <summary>Begins a stretch; dispose the scope to end it.</summary>
    public static Scope Begin() => new(_depth++);

    /// <summary>Runs <paramref name="work"/> as one stretch.</summary>
    public static void Run(Action work)
    {
        using var batch = Begin();
        work();
    }

    /// <summary>As <see cref="Add"/>; false, and nothing done, outside of any stretch.</summary>
    public static bool TryAdd(IBatched batched)
    {
        if (_depth == 0) return false;
        Add(batched);
        return true;
    }

    /// <summary>Flushes <paramref name="batched"/>, which has not been added yet, when the outermost stretch ends. Inside a stretch.</summary>
    public static void Add(IBatched batched) => (_marked ??= new List<IBatched>(64)).Add(batched);

    /// <summary>A stretch of work.</summary>
    public readonly ref struct Scope(int outer)
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            _depth = outer;
            if (outer > 0 || _marked is not { Count: > 0 } marked) return;
            // A flush may complete a client's wait inline and so begin a stretch of its own: that one gets a list of its own.
            _marked = null;
            foreach (var batched in marked) batched.Flush();
            marked.Clear();
            _marked ??= marked;
        }
    }
}
