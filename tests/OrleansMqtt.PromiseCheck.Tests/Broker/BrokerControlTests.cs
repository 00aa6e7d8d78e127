using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Broker;
using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Tests.Broker;

public sealed class BrokerControlTests : IDisposable
{
    private readonly TcpListener _first = new(IPAddress.Loopback, 0);
    private readonly TcpListener _second = new(IPAddress.Loopback, 0);
    private readonly HistoryLog _history = new(TimeProvider.System, null);

    public BrokerControlTests()
    {
        _first.Start();
        _second.Start();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task A_part_may_be_killed_while_the_targets_stay_up()
    {
        var cycle = await Control("--partial").CycleAsync(TestContext.Current.CancellationToken);

        Assert.Null(cycle.Problem);
        Assert.Equal([EventKind.Killing, EventKind.Killed, EventKind.Accepting], _history.Snapshot().Select(static e => e.Kind));
    }

    [Fact]
    public async Task A_command_that_fails_ends_the_check_in_part_too()
    {
        var cycle = await Control("--partial", "--restart", "exit 4").CycleAsync(TestContext.Current.CancellationToken);

        Assert.Equal("The command of --restart ended with exit code 4.", cycle.Problem);
        Assert.DoesNotContain(_history.Snapshot(), static e => e.Kind == EventKind.Accepting);
    }

    [Fact]
    public void There_are_as_many_cycles_as_were_asked_for()
    {
        var control = Control("--cycles", "2");

        Assert.True(control.IsToFail(1));
        Assert.False(control.IsToFail(2));
    }

    private BrokerControl Control(params string[] arguments)
    {
        var command = new RootCommand();
        var options = new CheckOptions();
        options.AddTo(command);
        string[] given = ["--target", $"{_first.LocalEndpoint},{_second.LocalEndpoint}", "--kill", "true", .. arguments];
        var parsed = command.Parse(given.Contains("--restart") ? given : [.. given, "--restart", "true"]);
        Assert.Empty(parsed.Errors);
        return new BrokerControl(options.Read(parsed, out _)!, _history, TimeProvider.System);
    }
}
