using Orleans.Runtime;

namespace OrleansMqtt.Actors.Activations;

/// <content>Timers and lifecycle.</content>
internal sealed partial class Activation
{
    public IGrainLifecycle ObservableLifecycle => Extras.Lifecycle ??= new GrainLifecycle();

    public IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, Environment.Time, callback, options);
        lock (Extras.Timers)
        {
            Extras.Timers.Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (Extras.Timers)
        {
            Extras.Timers.Remove(timer);
        }
    }

    private void StopTimers()
    {
        if (_extras is null)
        {
            return;
        }

        GrainTimer[] timers;
        lock (_extras.Timers)
        {
            timers = [.. _extras.Timers];
        }

        foreach (var timer in timers)
        {
            timer.Dispose();
        }
    }
}
