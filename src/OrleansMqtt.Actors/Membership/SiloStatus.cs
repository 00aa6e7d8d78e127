namespace Orleans.Runtime;

/// <summary>What a silo is in its cluster.</summary>
public enum SiloStatus
{
    /// <summary>Unknown.</summary>
    None = 0,

    /// <summary>Made, not started.</summary>
    Created = 1,

    /// <summary>Starting; takes no calls yet.</summary>
    Joining = 2,

    /// <summary>Takes calls, and grains are placed on it.</summary>
    Active = 3,

    /// <summary>Finishes what it has; no grain is placed on it.</summary>
    ShuttingDown = 4,

    /// <summary>As <see cref="ShuttingDown"/>.</summary>
    Stopping = 5,

    /// <summary>Gone for good; its next run has another generation.</summary>
    Dead = 6,
}
