using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Options;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Arguments;

/// <summary>The options that every subcommand has.</summary>
internal sealed class BrokerOptions
{
    /// <summary>Holds the password where it should not stand on the command line, which other users of the machine can see.</summary>
    public const string PasswordVariable = "ORLEANSMQTT_PASSWORD";

    private const int LongestPrefix = 32;

    private readonly CheckedOption<string> _host = CheckedOptions.Text(
        "--host", "The broker's name or address.", "a host name or an IP address", static t => Uri.CheckHostName(t) != UriHostNameType.Unknown)
        .Or("127.0.0.1");

    private readonly CheckedOption<int> _port = CheckedOptions.Number(
        "--port", "The broker's TCP port. Unless given, that of the transport: 1883, 8883, 80 or 443.", 1, 65_535);

    private readonly CheckedOption<BrokerTransport> _transport = CheckedOptions.Choice(
        "--transport", "What carries the packets.", ("tcp", BrokerTransport.Tcp), ("tls", BrokerTransport.Tls), ("ws", BrokerTransport.Ws), ("wss", BrokerTransport.Wss))
        .Or(BrokerTransport.Tcp);

    private readonly CheckedOption<string> _authorityFile = CheckedOptions.Text(
        "--cafile", "PEM file with the authorities whose certificates are trusted, instead of those that the system trusts.", "a file", File.Exists);

    private readonly CheckedOption<string> _path = CheckedOptions.Text(
        "--path", "Path of the WebSocket.", "a path that begins with /", static t => t.StartsWith('/')).Or("/mqtt");

    private readonly CheckedOption<ProtocolVersion> _protocol = CheckedOptions.Choice(
        "--protocol", "Version of MQTT, 3.1.1 or 5.0.", ("3.1.1", ProtocolVersion.V311), ("5.0", ProtocolVersion.V50))
        .Or(ProtocolVersion.V311);

    private readonly CheckedOption<string> _userName = CheckedOptions.Text(
        "--username", "User name, for all clients.", "a text of 1 to 65535 bytes", static t => t.Length is > 0 and < 65_536 / 3);

    private readonly CheckedOption<string> _password = CheckedOptions.Text(
        "--password", $"Password; better in the environment variable {PasswordVariable}.", "a text", static t => t.Length < 65_536 / 3);

    private readonly CheckedOption<string> _prefix = CheckedOptions.Text(
        "--prefix",
        "Begins all client identifiers and topics. Without it, a text of the seed.",
        $"1 to {LongestPrefix} letters, digits, - and _",
        static t => t.Length is > 0 and <= LongestPrefix && t.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private readonly CheckedOption<int> _seed = CheckedOptions.Number(
        "--seed", "Decides the bytes of payloads, and the prefix unless that is given. Random unless given.", 0, int.MaxValue);

    private readonly CheckedOption<string> _json = CheckedOptions.Text(
        "--json", "Write the result to this file as JSON, or with - to standard output instead of the text.", "a file or -", static t => t.Length > 0);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_host, _port, _transport, _authorityFile, _path, _protocol, _userName, _password, _prefix, _seed, _json]) command.Options.Add(option);
    }

    /// <summary>Where JSON goes: a file, "-", or null for nowhere.</summary>
    public string? Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>What the options say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="environment">Values of environment variables.</param>
    /// <param name="problem">A sentence if options contradict each other.</param>
    public BrokerSettings Read(ParseResult parsed, Func<string, string?> environment, out string? problem)
    {
        var (userName, password) = (parsed.GetValue(_userName), parsed.GetValue(_password));
        problem = password is not null && userName is null
            ? "Option --password is there without --username; allowed is both, or neither." // [MQTT-3.1.2-22] of 3.1.1.
            : null;
        var transport = parsed.GetValue(_transport);
        var seed = parsed.GetResult(_seed) is null ? RandomNumberGenerator.GetInt32(int.MaxValue) : parsed.GetValue(_seed);
        return new BrokerSettings
        {
            Host = parsed.GetValue(_host)!,
            Port = parsed.GetResult(_port) is null ? PortOf(transport) : parsed.GetValue(_port),
            Transport = transport,
            AuthorityFile = parsed.GetValue(_authorityFile),
            Path = parsed.GetValue(_path)!,
            Version = parsed.GetValue(_protocol),
            UserName = userName,
            Password = userName is null ? null : password ?? environment(PasswordVariable),
            Prefix = parsed.GetValue(_prefix) ?? "bench-" + seed.ToString("x8", CultureInfo.InvariantCulture),
            Seed = seed,
        };
    }

    private static int PortOf(BrokerTransport transport) => transport switch
    {
        BrokerTransport.Tls => 8_883,
        BrokerTransport.Ws => 80,
        BrokerTransport.Wss => 443,
        _ => 1_883,
    };
}
