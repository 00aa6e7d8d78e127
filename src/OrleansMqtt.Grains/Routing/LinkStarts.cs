namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// The links that a stretch of routing on this thread has given the first message: they start when it ends, on the same thread, and what else it had for them goes with it. Must not span an await.
/// </summary>
internal static class LinkStarts
{
    [ThreadStatic]
    private static List<GatewayLink>? _links;

    [ThreadStatic]
    private static bool _gathers;

    /// <summary>Begins a stretch; dispose the scope to end it.</summary>
    public static Scope Gather()
    {
        var scope = new Scope(_gathers);
        _gathers = true;
        return scope;
    }

    /// <summary>Starts the link at the end of the stretch; false, and nothing done, where there is none.</summary>
    public static bool TryAdd(GatewayLink link)
    {
        if (_gathers) (_links ??= []).Add(link);
        return _gathers;
    }

    /// <summary>A stretch of routing.</summary>
    public readonly ref struct Scope(bool isInner)
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            _gathers = isInner;
            if (isInner || _links is not { Count: > 0 } links) return;
            // Should a start lead to routing on this thread, that has a list of its own.
            _links = null;
            foreach (var link in links) link.Start();
            links.Clear();
            _links ??= links;
        }
    }
}
