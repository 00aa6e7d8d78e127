using Orleans.Runtime;

namespace Orleans;

/// <summary>A row of an <see cref="IReminderTable"/>.</summary>
[GenerateSerializer]
public sealed class ReminderEntry
{
    /// <summary>The grain that has registered it.</summary>
    [Id(0)]
    public GrainId GrainId { get; set; }

    /// <summary>Its name, one of those that the grain has.</summary>
    [Id(1)]
    public string ReminderName { get; set; } = null!;

    /// <summary>When it ticks first, UTC. The bundled runtime sets it forward by whole periods: to the first tick that the grain has not had.</summary>
    [Id(2)]
    public DateTime StartAt { get; set; }

    /// <summary>From one tick to the next.</summary>
    [Id(3)]
    public TimeSpan Period { get; set; }

    /// <summary>What tells this version of the row from others.</summary>
    [Id(4)]
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"<GrainId={GrainId} ReminderName={ReminderName} Period={Period}>";
}
