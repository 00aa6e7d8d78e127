using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>All options.</summary>
internal sealed class CheckOptions
{
    private readonly CheckedOption<IReadOnlyList<EndPoint>> _target = TargetOption.Of(
        "--target", "The broker; it must speak MQTT 5.0. Of a cluster, all places that clients may connect to.");

    private readonly Option<bool> _partial = new("--partial") { Description = "A kill may leave a part of the broker running, which goes on accepting connections." };
    private readonly CheckedOption<string> _kill = CheckedOptions.Text("--kill", "Kills the broker; for /bin/sh.", "a shell command", IsGiven);
    private readonly CheckedOption<string> _restart = CheckedOptions.Text(
        "--restart", "Starts the broker again, in the background; for /bin/sh.", "a shell command", IsGiven);

    private readonly CheckedOption<int> _cycles = CheckedOptions.Number("--cycles", "How often to kill the broker.", 0, 1_000_000).Or(10);
    private readonly CheckedOption<double> _interval = CheckedOptions.Fractional("--interval", "Seconds between kills, on average.", 0.1, 86_400).Or(3);
    private readonly CheckedOption<int> _seed = CheckedOptions.Number("--seed", "Decides all that chance decides. Random unless given.", 0, int.MaxValue);
    private readonly CheckedOption<int> _publishers = CheckedOptions.Number("--publishers", "Publishers at each of QoS 1 and 2.", 1, 1_000).Or(2);
    private readonly CheckedOption<int> _topics = CheckedOptions.Number("--topics", "Topics of each publisher.", 1, 1_000).Or(3);
    private readonly CheckedOption<double> _rate = CheckedOptions.Fractional("--rate", "Messages per second of each publisher.", 0.1, 100_000).Or(25);
    private readonly CheckedOption<int> _window = CheckedOptions.Number("--window", "Messages of a publisher under way at most.", 1, 1_000).Or(20);
    private readonly CheckedOption<int> _size = CheckedOptions.Number("--size", "Least bytes of a payload.", 1, 1_000_000).Or(64);
    private readonly CheckedOption<int> _subscribers = CheckedOptions.Number("--subscribers", "Subscribers at each of QoS 1 and 2.", 1, 1_000).Or(4);
    private readonly CheckedOption<int> _registers = CheckedOptions.Number("--registers", "Retained topics that one client writes.", 0, 1_000).Or(4);
    private readonly CheckedOption<int> _sharedRegisters = CheckedOptions.Number(
        "--shared-registers", "Retained topics that four clients write.", 0, 1_000).Or(2);

    private readonly CheckedOption<int> _readers = CheckedOptions.Number("--readers", "Readers of retained topics.", 1, 1_000).Or(3);
    private readonly CheckedOption<int> _wills = CheckedOptions.Number("--wills", "Clients with wills.", 0, 1_000).Or(6);
    private readonly CheckedOption<int> _willDelay = CheckedOptions.Number("--will-delay", "Seconds of delay of half the wills.", 1, 3_600).Or(3);
    private readonly CheckedOption<double> _detection = CheckedOptions.Fractional(
        "--detection", "Seconds that the broker may take to notice that a connection has ended, as clusters do when a part of them is gone.", 0, 3_600).Or(0);

    private readonly CheckedOption<double> _quiet = CheckedOptions.Fractional(
        "--quiet", "Seconds without a receipt after which nothing more is expected at the end.", 0.1, 3_600).Or(5);

    private readonly CheckedOption<int> _show = CheckedOptions.Number("--show", "Offending histories to show, of each kind.", 0, 100_000).Or(3);
    private readonly CheckedOption<string> _history = CheckedOptions.Text(
        "--history", "Write every client operation to this file, as JSON lines.", "a file", IsGiven);
    private readonly Option<bool> _json = new("--json") { Description = "Write the report as JSON." };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [
                _target, _partial, _kill, _restart, _cycles, _interval, _seed, _publishers, _topics, _rate, _window, _size, _subscribers, _registers,
                _sharedRegisters, _readers, _wills, _willDelay, _detection, _quiet, _show, _history, _json,
            ])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the options say.</summary>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="problem">A sentence if an option is missing.</param>
    public CheckSettings? Read(ParseResult parsed, out string? problem)
    {
        problem = Missing(parsed);
        return problem is not null ? null : new CheckSettings
        {
            Targets = parsed.GetValue(_target)!,
            IsPartial = parsed.GetValue(_partial),
            Kill = parsed.GetValue(_kill),
            Restart = parsed.GetValue(_restart),
            Cycles = parsed.GetValue(_cycles),
            Interval = parsed.GetValue(_interval),
            Seed = parsed.GetResult(_seed) is null ? RandomNumberGenerator.GetInt32(int.MaxValue) : parsed.GetValue(_seed),
            Publishers = parsed.GetValue(_publishers),
            Topics = parsed.GetValue(_topics),
            Rate = parsed.GetValue(_rate),
            Window = parsed.GetValue(_window),
            Size = parsed.GetValue(_size),
            Subscribers = parsed.GetValue(_subscribers),
            Registers = parsed.GetValue(_registers),
            SharedRegisters = parsed.GetValue(_sharedRegisters),
            Readers = parsed.GetValue(_readers),
            Wills = parsed.GetValue(_wills),
            WillDelay = parsed.GetValue(_willDelay),
            Detection = parsed.GetValue(_detection),
            Quiet = parsed.GetValue(_quiet),
            Show = parsed.GetValue(_show),
            HistoryFile = parsed.GetValue(_history),
            IsJson = parsed.GetValue(_json),
        };
    }

    private string? Missing(ParseResult parsed)
    {
        if (parsed.GetResult(_target) is null) return $"Option --target is missing; allowed is {_target.Allowed}.";
        if (parsed.GetValue(_cycles) == 0) return null;
        var missing = parsed.GetResult(_kill) is null ? _kill : parsed.GetResult(_restart) is null ? _restart : null;
        return missing is null ? null : $"Option {missing.Name} is missing; allowed is {missing.Allowed}, or --cycles 0 for a run without kills.";
    }

    private static bool IsGiven(string text) => text.Length > 0;
}
