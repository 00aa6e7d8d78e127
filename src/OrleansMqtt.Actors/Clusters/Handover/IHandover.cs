using System.Collections.Immutable;
using Orleans;

namespace OrleansMqtt.Actors.Clusters.Handover;

/// <summary>Every silo as the others ask it whether it still runs a grain that is placed on them now.</summary>
[Alias("OrleansMqtt.Actors.IHandover")]
internal interface IHandover : IGrainObserver
{
    /// <summary>For each grain whether this silo does not run it, and will not before the one that asks has handed it over. What it runs, it ends, so that it can say so the next time.</summary>
    /// <param name="view">The version of the view by which the grains are placed on the silo that asks.</param>
    /// <param name="grains">The grains, as <see cref="Orleans.Runtime.GrainId.ToString"/> writes them.</param>
    [Alias("AreReleased")]
    Task<ImmutableArray<bool>> AreReleasedAsync(long view, ImmutableArray<string> grains);
}
