namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>Runs everything on the test's own thread, one thing after another, in an order that depends on nothing but the test.</summary>
internal sealed class SingleThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        // Whatever comes from another thread would come at another moment in each run.
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("Something of the simulation ran on another thread.");
        _queue.Enqueue((d, state));
    }

    /// <summary>Runs what can run now; <paramref name="after"/> after each piece.</summary>
    public void Drain(Action after)
    {
        while (_queue.TryDequeue(out var next))
        {
            next.Callback(next.State);
            after();
        }
    }
}
