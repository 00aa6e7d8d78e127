using System.CommandLine;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.AppHost.Topology;

/// <summary>The options that make a <see cref="ClusterTopology"/>.</summary>
internal sealed class TopologyOptions
{
    private const int MaximumNodes = 64;
    private const int HighestPort = ushort.MaxValue;
    private readonly CheckedOption<int> _silos = CheckedOptions.Number("--silos", "Silos.", 1, MaximumNodes).Or(2);
    private readonly CheckedOption<int> _gateways = CheckedOptions.Number("--gateways", "Gateways.", 1, MaximumNodes).Or(2);
    private readonly CheckedOption<int> _port = CheckedOptions.Number("--port", "Port of the first gateway; the others follow.", 1, HighestPort).Or(1883);
    private readonly CheckedOption<string> _redis = CheckedOptions.Text(
        "--redis", "A Redis server that runs already; without it, one is started.", "a StackExchange.Redis connection string, as 127.0.0.1:6379", static text => !string.IsNullOrWhiteSpace(text));
    private readonly CheckedOption<string> _data = CheckedOptions.Text(
        "--data", "Where the started Redis server keeps its data.", "a directory, created if it is not there", static text => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal)).Or("data/cluster");

    /// <summary>Puts them into a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_silos, _gateways, _port, _redis, _data]) command.Options.Add(option);
    }

    /// <summary>Makes the topology; null, with a sentence, where the options do not fit each other.</summary>
    public ClusterTopology? Read(ParseResult parsed, out string? problem)
    {
        var (gateways, port, redis) = (parsed.GetValue(_gateways), parsed.GetValue(_port), parsed.GetValue(_redis));
        problem =
            port + gateways - 1 > HighestPort ? $"Option --port is \"{port}\"; allowed is, with {gateways} gateways, a whole number from 1 to {HighestPort - gateways + 1}."
            : redis is not null && parsed.GetResult(_data) is { Implicit: false } ? "Options --redis and --data are both there; allowed is one of the two, as a server that runs already keeps its own data."
            : null;
        return problem is null ? ClusterTopology.Of(new RedisNode(redis, Path.GetFullPath(parsed.GetValue(_data)!)), parsed.GetValue(_silos), gateways, port) : null;
    }
}
