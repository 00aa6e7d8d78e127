namespace OrleansMqtt.Grains.Handlers.Filters;

/// <summary>Whether filters might move a message round in a circle, by what they say of where they may move it.</summary>
internal static class FilterCircles
{
    /// <summary>The filters of a circle in the order in which they have the message, the first one once more at the end; null if there is none.</summary>
    /// <param name="handlers">Filters, and other handlers, which do not matter.</param>
    public static IReadOnlyList<TopicHandler>? Find(IEnumerable<TopicHandler> handlers)
    {
        var moving = handlers.Where(static handler => handler.Filter is { MovesTo: not null }).ToList();
        var (way, done) = (new List<TopicHandler>(), new HashSet<TopicHandler>());
        foreach (var filter in moving)
            if (FindFrom(filter, moving, way, done) is { } circle) return circle;
        return null;
    }

    // As deep as there are filters that move messages.
    private static List<TopicHandler>? FindFrom(TopicHandler filter, List<TopicHandler> moving, List<TopicHandler> way, HashSet<TopicHandler> done)
    {
        if (way.IndexOf(filter) is >= 0 and var first) return [.. way.Skip(first), filter];
        if (!done.Add(filter)) return null;
        way.Add(filter);
        foreach (var next in moving)
            if (filter.Filter!.MovesTo!.Overlaps(next.Template) && FindFrom(next, moving, way, done) is { } circle) return circle;
        way.RemoveAt(way.Count - 1);
        return null;
    }
}
