namespace OrleansMqtt.Actors.Serialization;

internal static class WireLimits
{
    /// <summary>Most objects and sequences within each other. Bounds the stack on both sides, and ends a cycle at the sender.</summary>
    public const int Depth = 64;

    /// <summary>Highest number of a group of fields: two for each level of inheritance.</summary>
    public const int Group = 1000;

    /// <summary>The number of skipped ids or groups that no longer fits into a tag.</summary>
    public const uint Extended = 31;
}
