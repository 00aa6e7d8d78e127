using System.CommandLine;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Cli.Options;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Arguments;

/// <summary>The options of the subcommands that publish and subscribe.</summary>
/// <param name="isPaced">Whether a rate is the rule (latency), or the exception (throughput).</param>
internal sealed class MessageOptions(bool isPaced)
{
    private const int MostClients = 100_000;
    private const int MostPairs = 20_000_000;
    private const double LongestSeconds = 86_400;

    private readonly CheckedOption<int> _publishers = CheckedOptions.Number("--publishers", "How many publish.", 1, MostClients).Or(isPaced ? 1 : 10);

    private readonly CheckedOption<int> _subscribers = CheckedOptions.Number("--subscribers", "How many subscribe.", 0, MostClients).Or(isPaced ? 1 : 10);

    private readonly CheckedOption<TopicPattern> _topics = CheckedOptions.Choice(
        "--topics",
        "own: each publisher has a topic, and every subscriber gets all by a wildcard; one: all use one topic; pairs: publisher n to subscriber n.",
        ("own", TopicPattern.Own),
        ("one", TopicPattern.One),
        ("pairs", TopicPattern.Pairs)).Or(TopicPattern.Pairs);

    private readonly CheckedOption<QualityOfService> _qos = CheckedOptions.Choice(
        "--qos",
        "QoS of messages and subscriptions, 0, 1 or 2.",
        ("0", QualityOfService.AtMostOnce),
        ("1", QualityOfService.AtLeastOnce),
        ("2", QualityOfService.ExactlyOnce)).Or(QualityOfService.AtMostOnce);

    private readonly CheckedOption<int> _payload = CheckedOptions.Number(
        "--payload", "Bytes of each payload; the first 16 say who sent it when.", MessageStamp.Length, 16 * 1024 * 1024).Or(64);

    private readonly CheckedOption<int> _window = CheckedOptions.Number(
        "--window", "QoS 1 and 2: messages that a publisher has unacknowledged at most; fewer if the broker says so.", 1, 65_535).Or(20);

    private readonly CheckedOption<int> _ahead = CheckedOptions.Number(
        "--ahead", "Messages that a publisher is ahead of its slowest receiver at most; 0 for no limit, by which a broker may have to drop.", 0, 1_000_000_000)
        .Or(500);

    private readonly CheckedOption<int> _burst = CheckedOptions.Number("--burst", "Messages written at once at most.", 1, 10_000).Or(64);

    private readonly CheckedOption<double> _rate = CheckedOptions.Fractional(
        "--rate",
        isPaced ? "Messages per second and publisher." : "Messages per second and publisher; 0 for as many as possible.",
        isPaced ? 0.01 : 0,
        100_000).Or(isPaced ? 100 : 0);

    private readonly CheckedOption<int> _count = CheckedOptions.Number(
        "--count", "Messages per publisher, after which the run ends early; 0 for no limit.", 0, int.MaxValue).Or(0);

    private readonly CheckedOption<TimeSpan> _warmUp = CheckedOptions.Seconds(
        "--warm-up", "Seconds before anything is measured. 1, or 0 with --count.", 0, LongestSeconds);

    private readonly CheckedOption<TimeSpan> _duration = CheckedOptions.Seconds("--duration", "Seconds to measure.", 0.1, LongestSeconds)
        .Or(TimeSpan.FromSeconds(isPaced ? 10 : 5));

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [_publishers, _subscribers, _topics, _qos, _payload, _window, _ahead, _burst, _rate, _count, _warmUp, _duration];
        foreach (var option in options) command.Options.Add(option);
    }

    /// <summary>What the options say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="problem">A sentence if options contradict each other.</param>
    public MessageSettings Read(ParseResult parsed, out string? problem)
    {
        var count = parsed.GetValue(_count);
        var settings = new MessageSettings
        {
            Publishers = parsed.GetValue(_publishers),
            Subscribers = parsed.GetValue(_subscribers),
            Topics = parsed.GetValue(_topics),
            QoS = parsed.GetValue(_qos),
            PayloadBytes = parsed.GetValue(_payload),
            Window = parsed.GetValue(_window),
            Ahead = parsed.GetValue(_ahead),
            Burst = parsed.GetValue(_burst),
            Rate = parsed.GetValue(_rate),
            Count = count,
            WarmUp = parsed.GetResult(_warmUp) is not null ? parsed.GetValue(_warmUp) : TimeSpan.FromSeconds(count > 0 ? 0 : 1),
            Duration = parsed.GetValue(_duration),
        };
        problem = Contradiction(settings);
        return settings;
    }

    private static string? Contradiction(MessageSettings settings)
    {
        var (publishers, subscribers) = (settings.Publishers, settings.Subscribers);
        if (settings.Topics == TopicPattern.Pairs && publishers != subscribers)
            return $"Option --subscribers is \"{subscribers}\"; allowed with --topics pairs is as many as --publishers, which is {publishers}.";
        return (long)publishers * subscribers > MostPairs && settings.Topics != TopicPattern.Pairs
            ? $"Option --subscribers is \"{subscribers}\"; allowed with {publishers} publishers is at most {MostPairs / publishers}, "
                + "because each subscriber keeps account of each publisher."
            : null;
    }
}
