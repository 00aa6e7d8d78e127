namespace OrleansMqtt.Actors.Membership;

/// <summary>What a silo is to a grain.</summary>
internal enum GrainOwnership
{
    /// <summary>It may run the grain, as long as it holds its lease.</summary>
    Owned,

    /// <summary>The grain is placed on it, but somebody else may still run it. It soon is <see cref="Owned"/>; calls wait.</summary>
    Pending,

    /// <summary>The grain is placed on another silo.</summary>
    Elsewhere,
}
