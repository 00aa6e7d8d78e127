using System.CommandLine;
using OrleansMqtt.Cli.Bench.Connects;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Cli.Bench.Reports;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.Cli.Bench.Arguments;

/// <summary>The command <c>bench</c>: measures a broker of any make.</summary>
internal static class BenchCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliConsole console) => new("bench", "Measure an MQTT broker.")
    {
        Messages(console, "throughput", "How many messages the broker passes on.", isPaced: false),
        Messages(console, "latency", "How long messages take at a steady rate.", isPaced: true),
        Connect(console),
    };

    private static Command Messages(CliConsole console, string name, string description, bool isPaced)
    {
        var command = new Command(name, description);
        var (messages, common) = (new MessageOptions(isPaced), new BrokerOptions());
        messages.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var settings = messages.Read(parsed, out var problem);
            var broker = common.Read(parsed, console.Environment, out var contradiction);
            return new BenchShell(console, common.Json(parsed)).RunAsync(problem ?? contradiction, async display =>
            {
                var run = new MessageRun(broker, settings, console.Time);
                var result = await display.ShowAsync(run.Status, run.RunAsync(stop));
                return MessageReport.Of(name, broker, settings, result);
            });
        });
        return command;
    }

    private static Command Connect(CliConsole console)
    {
        var clients = CheckedOptions.Number("--clients", "How many connect.", 1, 1_000_000).Or(1_000);
        var concurrency = CheckedOptions.Number("--concurrency", "How many connect at the same time at most.", 1, 10_000).Or(100);
        var hold = CheckedOptions.Seconds("--hold", "Seconds for which all stay connected.", 0, 86_400).Or(TimeSpan.Zero);
        var command = new Command("connect", "How many clients the broker accepts per second.") { clients, concurrency, hold };
        var common = new BrokerOptions();
        common.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var settings = new ConnectSettings(parsed.GetValue(clients), parsed.GetValue(concurrency), parsed.GetValue(hold));
            var broker = common.Read(parsed, console.Environment, out var contradiction);
            return new BenchShell(console, common.Json(parsed)).RunAsync(contradiction, async display =>
            {
                var run = new ConnectRun(broker, settings, console.Time);
                var result = await display.ShowAsync(run.Status, run.RunAsync(stop));
                return ConnectReport.Of(broker, settings, result);
            });
        });
        return command;
    }
}
