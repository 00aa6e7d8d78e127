using Orleans.Runtime;

namespace OrleansMqtt.Actors.Activations;

/// <content>Timers and lifecycle.</content>
internal sealed partial class Activation
{
    public IGrainLifecycle ObservableLifecycle => Extras.Lifecycle ??= new GrainLifecycle();

    /// <summary>The clock that the grain goes by.</summary>
    public TimeProvider Time => hosted.Time;

    public IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, Time, callback, options);
        var extras = Extras;
        lock (extras)
        {
            (extras.Timers ??= []).Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (Extras)
        {
            Extras.Timers?.Remove(timer);
        }
    }

    private void StopTimers()
    {
        if (_extras is not { Timers: not null } extras)
        {
            return;
        }

        GrainTimer[] timers;
        lock (extras)
        {
            timers = [.. extras.Timers];
        }

        foreach (var timer in timers)
        {
            timer.Stop();
        }
    }
}
