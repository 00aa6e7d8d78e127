using System.ComponentModel;
using System.Globalization;
using OrleansMqtt.AppHost.Local.Console;
using OrleansMqtt.AppHost.Local.Processes;
using OrleansMqtt.AppHost.Local.Programs;

namespace OrleansMqtt.AppHost.Local.Supervision;

/// <summary>A program that runs until it is told to stop, as often as that takes.</summary>
internal sealed class SupervisedProgram(ProgramDescription description, ProcessStarter starter, Lifeline lifeline, LogConsole console, TimeProvider time) : IDisposable
{
    // Longer than hosts give themselves.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(45);
    private readonly RestartPolicy _policy = new(description.ReadsConfiguration);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private ChildProcess? _child;
    private Task _running = Task.CompletedTask;

    /// <summary>Completes when the program serves for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the program is not started any more.</summary>
    public Task Ended => _running;

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts it.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Asks the program to stop, waits until it has, and kills it where it takes too long.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        Current()?.Terminate();
        try
        {
            await _running.WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            Say($"has not stopped within {Grace.TotalSeconds} s; it is killed");
            Current()?.Kill();
            await _running;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            if (await RunOnceAsync() is not { } exitCode) return;
            if (_stop.IsCancellationRequested)
            {
                Say($"stopped, exit code {exitCode}");
                return;
            }
            if (_policy.PauseAfter(exitCode, time.GetElapsedTime(started)) is not { } pause)
            {
                Say($"ended with {exitCode}: its configuration is wrong, so it is not started again");
                return;
            }
            Restarts++;
            Say(string.Create(CultureInfo.InvariantCulture, $"ended with {exitCode}; restart {Restarts} in {pause.TotalSeconds} s"));
            await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The exit code; null where there was nothing to start.</summary>
    private async Task<int?> RunOnceAsync()
    {
        var probe = description.Probe();
        using var ended = new CancellationTokenSource();
        ChildProcess child;
        try
        {
            child = await ChildProcess.StartAsync(starter, lifeline.Tie(description.File, description.Arguments, Environment.ProcessId), description.Environment, line =>
            {
                probe.Observe(line);
                console.Write(description.Name, line);
            });
        }
        catch (Win32Exception exception)
        {
            Say($"cannot be started: {exception.Message}");
            return null;
        }
        using (child)
        {
            lock (_lock) _child = child;
            Say($"started as process {child.Id}");
            // Told to stop while the child was being started, which nobody could tell it then.
            if (_stop.IsCancellationRequested) child.Terminate();
            var watching = WatchAsync(probe, ended.Token);
            var exitCode = await child.WaitAsync();
            lock (_lock) _child = null;
            await ended.CancelAsync();
            await watching;
            return exitCode;
        }
    }

    private async Task WatchAsync(Readiness.IReadinessProbe probe, CancellationToken ended)
    {
        try
        {
            await probe.WaitAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Ended before it served, which the exit code tells.
            return;
        }
        Say("ready");
        _ready.TrySetResult();
    }

    private ChildProcess? Current()
    {
        lock (_lock) return _child;
    }

    private void Say(string what) => console.Write(description.Name, $"({what})");
}
