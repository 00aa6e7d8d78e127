using System.Collections.Immutable;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A membership that a test decides about.</summary>
internal sealed class ManualFence(params string[] silos) : ISiloFence
{
    private readonly HashSet<string> _gone = [];
    private TaskCompletionSource _changed = new();

    public bool IsHeld { get; set; } = true;

    public ImmutableArray<string> Silos { get; private set; } = [.. silos];

    public Task Changed => _changed.Task;

    public bool IsHome(GrainId grain) => true;

    public bool IsGone(string silo) => _gone.Contains(silo);

    /// <summary>A silo is known to be dead.</summary>
    public void Bury(string silo)
    {
        _gone.Add(silo);
        Silos = Silos.Remove(silo);
        Change();
    }

    /// <summary>There is another view.</summary>
    public void Change()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource();
        changed.SetResult();
    }
}
