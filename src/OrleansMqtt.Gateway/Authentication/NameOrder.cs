namespace OrleansMqtt.Gateway.Authentication;

/// <summary>Puts what has names into the order that the configuration wants.</summary>
internal static class NameOrder
{
    /// <summary>The items in order.</summary>
    /// <param name="items">What is registered.</param>
    /// <param name="nameOf">Its names.</param>
    /// <param name="order">Names; each item's must be among them.</param>
    /// <param name="others">Names that may be among them too.</param>
    /// <param name="kind">What the items are, for the message.</param>
    /// <exception cref="InvalidOperationException">A name is nobody's, or somebody's is missing: nobody is left out by an oversight.</exception>
    public static IReadOnlyList<T> Sort<T>(IReadOnlyList<T> items, Func<T, string> nameOf, IReadOnlyList<string> order, IEnumerable<string> others, string kind)
    {
        var names = items.Select(nameOf).ToHashSet();
        if (order.Except(names).Except(others).FirstOrDefault() is { } unknown) throw new InvalidOperationException($"The order of {kind} names \"{unknown}\", which there is not.");
        if (names.Except(order).FirstOrDefault() is { } missing) throw new InvalidOperationException($"The order of {kind} does not name \"{missing}\".");
        return [.. order.Distinct().SelectMany(name => items.Where(item => nameOf(item) == name))];
    }
}
