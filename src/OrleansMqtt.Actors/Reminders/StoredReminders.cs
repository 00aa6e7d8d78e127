namespace OrleansMqtt.Actors.Reminders;

/// <summary>The reminders of the grains of one part of the ring, as one document.</summary>
internal sealed class StoredReminders
{
    public List<StoredReminder> Reminders { get; set; } = [];
}

/// <summary>A reminder in it.</summary>
internal sealed class StoredReminder
{
    /// <summary><see cref="Orleans.Runtime.GrainId.ToString"/>.</summary>
    public string Grain { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>UTC, in ticks.</summary>
    public long StartAt { get; set; }

    /// <summary>In ticks.</summary>
    public long Period { get; set; }

    public string ETag { get; set; } = "";
}
