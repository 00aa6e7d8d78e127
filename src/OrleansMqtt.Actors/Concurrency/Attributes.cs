using Orleans.Placement;

namespace Orleans.Concurrency;

/// <summary>Requests to a grain of this class may interleave at every <c>await</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Calls of this method start at once, whatever else the grain is waiting for.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Calls of this method change nothing, so that several of them may interleave with each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>A call of this method completes for the caller when it was sent; a failure is logged and reported to nobody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>Several activations of one grain may serve calls at the same time in each silo; they share no state.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : PlacementAttribute
{
    /// <summary>As many activations as the machine has processors.</summary>
    public StatelessWorkerAttribute()
        : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Up to <paramref name="maxLocalWorkers"/> activations per silo.</summary>
    /// <param name="maxLocalWorkers">The limit; 0 or less stands for the number of processors.</param>
    public StatelessWorkerAttribute(int maxLocalWorkers)
        : base(new StatelessWorkerPlacement(maxLocalWorkers > 0 ? maxLocalWorkers : Environment.ProcessorCount))
    {
    }
}
