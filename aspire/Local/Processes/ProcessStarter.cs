using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansMqtt.AppHost.Local.Processes;

/// <summary>
/// Starts processes, all from one thread that lives until the last of them has ended: what a child asked for with <c>prctl(PR_SET_PDEATHSIG)</c> it gets
/// when the thread that started it ends, not only when the process does. Dispose of it last.
/// </summary>
internal sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<Action> _requests = [];
    private readonly Thread _thread;

    /// <summary>Begins the thread.</summary>
    public ProcessStarter()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "process starter" };
        _thread.Start();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program could not be started.</exception>
    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
#pragma warning disable CA1031 // Whoever asked gets it, whatever it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.CompleteAdding();
        _thread.Join();
        _requests.Dispose();
    }

    private void Work()
    {
        foreach (var request in _requests.GetConsumingEnumerable()) request();
    }
}
