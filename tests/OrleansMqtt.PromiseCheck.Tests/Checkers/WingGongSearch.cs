using OrleansMqtt.PromiseCheck.Checkers;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

/// <summary>Tries all orders (Wing and Gong, "Testing and verifying concurrent objects", 1993): too slow for real histories, and too simple to
/// be wrong.</summary>
internal static class WingGongSearch
{
    public static bool IsLinearizable(IReadOnlyList<RegisterOperation> operations) => CanGoOn([.. operations], null);

    private static bool CanGoOn(List<RegisterOperation> left, string? value)
    {
        if (left.All(static o => o.End is null)) return true; // Writes without end need not have happened.
        var earliestEnd = left.Min(static o => o.End ?? long.MaxValue);
        foreach (var next in left.Where(o => o.Start <= earliestEnd && (o.IsWrite || o.Value == value)).ToList())
        {
            left.Remove(next);
            if (CanGoOn(left, next.Value)) return true;
            left.Add(next);
        }

        return false;
    }
}
