using OrleansMqtt.AppHost.Local.Console;
using OrleansMqtt.AppHost.Local.Processes;
using OrleansMqtt.AppHost.Local.Programs;
using OrleansMqtt.AppHost.Local.Readiness;
using OrleansMqtt.AppHost.Local.Supervision;
using OrleansMqtt.Tests;

namespace OrleansMqtt.AppHost.Tests.Local.Supervision;

/// <summary>Real processes, shells, under a clock that stands.</summary>
public sealed class SupervisedProgramTests : IDisposable
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly ProcessStarter _starter = new();
    private readonly StringWriter _output = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_program_that_crashes_is_started_again_after_pauses_that_grow()
    {
        using var program = Describe("exit 3");
        foreach (var pause in (double[])[0.25, 0.5, 1])
        {
            var waits = TimerAsync(pause);
            if (pause > 0.25) _time.Advance(TimeSpan.FromSeconds(pause / 2));
            else program.Start();
            await waits;
        }
        Assert.Equal(3, program.Restarts);
        await program.StopAsync().WaitAsync(HangGuard, Cancellation);
        Assert.Contains("x | (ended with 3; restart 2 in 0.5 s)", Lines);
    }

    [Fact]
    public async Task A_program_that_refuses_its_configuration_is_not_started_again()
    {
        using var program = Describe("exit 2");
        program.Start();
        await program.Ended.WaitAsync(HangGuard, Cancellation);
        Assert.Equal(0, program.Restarts);
        Assert.Contains("x | (ended with 2: its configuration is wrong, so it is not started again)", Lines);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_given_up()
    {
        using var program = new SupervisedProgram(
            new ProgramDescription("x", "/there/is/no/such/program", [], new Dictionary<string, string>(), ReadsConfiguration: false, static () => new LineProbe("up")),
            _starter, new Lifeline(false), new LogConsole(_output, ["x"], hasColours: false), _time);
        program.Start();
        await program.Ended.WaitAsync(HangGuard, Cancellation);
        Assert.StartsWith("x | (cannot be started: ", Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_ready_when_its_probe_says_so_and_stops_when_it_is_told_to()
    {
        using var program = Describe("trap 'exit 0' TERM; echo up; while :; do read -r _ || sleep 0.05; done");
        program.Start();
        await program.Ready.WaitAsync(HangGuard, Cancellation);
        await program.StopAsync().WaitAsync(HangGuard, Cancellation);
        Assert.True(program.Ended.IsCompletedSuccessfully);
        Assert.Equal("x | (stopped, exit code 0)", Lines[^2]);
    }

    [Fact]
    public async Task A_program_that_does_not_stop_is_killed()
    {
        using var program = Describe("trap '' TERM; echo up; while :; do read -r _ || sleep 0.05; done");
        program.Start();
        await program.Ready.WaitAsync(HangGuard, Cancellation);
        var grace = TimerAsync(45);
        var stopping = program.StopAsync();
        await grace;
        Assert.False(stopping.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(45));
        await stopping.WaitAsync(HangGuard, Cancellation);
        Assert.Equal("x | (stopped, exit code 137)", Lines[^2]);
    }

    public void Dispose()
    {
        _starter.Dispose();
        _output.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Lines => _output.ToString().Split(_output.NewLine);

    private SupervisedProgram Describe(string script) => new(
        new ProgramDescription("x", "sh", ["-c", script], new Dictionary<string, string>(), ReadsConfiguration: true, static () => new LineProbe("up")),
        _starter, new Lifeline(false), new LogConsole(_output, ["x"], hasColours: false), _time);

    /// <summary>Completes when somebody waits so long.</summary>
    private async Task TimerAsync(double seconds)
    {
        var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnSet(TimeSpan due)
        {
            if (due == TimeSpan.FromSeconds(seconds)) set.TrySetResult();
        }
        _time.TimerSet += OnSet;
        try
        {
            await set.Task.WaitAsync(HangGuard, Cancellation);
        }
        finally
        {
            _time.TimerSet -= OnSet;
        }
    }
}
