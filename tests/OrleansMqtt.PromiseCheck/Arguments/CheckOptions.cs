using System.CommandLine;
using System.Net;
using System.Security.Cryptography;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>All options.</summary>
internal sealed class CheckOptions
{
    private readonly CheckOption<DnsEndPoint?> _target = CheckOption.Target("--target", "The broker; it must speak MQTT 5.0.");
    private readonly CheckOption<string> _kill = CheckOption.Text("--kill", "Kills the broker; for /bin/sh.", "a shell command");
    private readonly CheckOption<string> _restart = CheckOption.Text(
        "--restart", "Starts the broker again, in the background; for /bin/sh.", "a shell command");

    private readonly CheckOption<int> _cycles = CheckOption.Number("--cycles", "How often to kill the broker.", 0, 1_000_000).Or(10);
    private readonly CheckOption<double> _interval = CheckOption.Fractional("--interval", "Seconds between kills, on average.", 0.1, 86_400).Or(3);
    private readonly CheckOption<int> _seed = CheckOption.Number("--seed", "Decides all that chance decides. Random unless given.", 0, int.MaxValue);
    private readonly CheckOption<int> _publishers = CheckOption.Number("--publishers", "Publishers at each of QoS 1 and 2.", 1, 1_000).Or(2);
    private readonly CheckOption<int> _topics = CheckOption.Number("--topics", "Topics of each publisher.", 1, 1_000).Or(3);
    private readonly CheckOption<double> _rate = CheckOption.Fractional("--rate", "Messages per second of each publisher.", 0.1, 100_000).Or(25);
    private readonly CheckOption<int> _window = CheckOption.Number("--window", "Messages of a publisher under way at most.", 1, 1_000).Or(20);
    private readonly CheckOption<int> _size = CheckOption.Number("--size", "Least bytes of a payload.", 1, 1_000_000).Or(64);
    private readonly CheckOption<int> _subscribers = CheckOption.Number("--subscribers", "Subscribers at each of QoS 1 and 2.", 1, 1_000).Or(4);
    private readonly CheckOption<int> _registers = CheckOption.Number("--registers", "Retained topics that one client writes.", 0, 1_000).Or(4);
    private readonly CheckOption<int> _sharedRegisters = CheckOption.Number(
        "--shared-registers", "Retained topics that four clients write.", 0, 1_000).Or(2);

    private readonly CheckOption<int> _readers = CheckOption.Number("--readers", "Readers of retained topics.", 1, 1_000).Or(3);
    private readonly CheckOption<int> _wills = CheckOption.Number("--wills", "Clients with wills.", 0, 1_000).Or(6);
    private readonly CheckOption<int> _willDelay = CheckOption.Number("--will-delay", "Seconds of delay of half the wills.", 1, 3_600).Or(3);
    private readonly CheckOption<double> _quiet = CheckOption.Fractional(
        "--quiet", "Seconds without a receipt after which nothing more is expected at the end.", 0.1, 3_600).Or(5);

    private readonly CheckOption<int> _show = CheckOption.Number("--show", "Offending histories to show, of each kind.", 0, 100_000).Or(3);
    private readonly CheckOption<string> _history = CheckOption.Text(
        "--history", "Write every client operation to this file, as JSON lines.", "a file");
    private readonly Option<bool> _json = new("--json") { Description = "Write the report as JSON." };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [
                _target, _kill, _restart, _cycles, _interval, _seed, _publishers, _topics, _rate, _window, _size, _subscribers, _registers,
                _sharedRegisters, _readers, _wills, _willDelay, _quiet, _show, _history, _json,
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
            Target = parsed.GetValue(_target)!,
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
}
