namespace OrleansMqtt.Topics;

/// <summary>
/// Versions of a partition's routes. Above the number of the change stands the epoch of the activation that made it, which is higher with each activation: versions of
/// two never meet, and the later one's is the higher. An embedded broker has epoch 0.
/// </summary>
internal static class RouteVersion
{
    // More than ten years of 3,000 changes each second, and 8 million activations.
    private const int NumberBits = 40;

    /// <summary>The version that an activation begins with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is out of range.</exception>
    public static long First(long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epoch, 1L << (63 - NumberBits));
        return epoch << NumberBits;
    }

    /// <summary>The epoch of a version.</summary>
    public static long EpochOf(long version) => version >> NumberBits;
}
