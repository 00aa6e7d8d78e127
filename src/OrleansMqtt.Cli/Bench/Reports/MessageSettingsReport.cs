using System.Globalization;
using OrleansMqtt.Cli.Bench.Messages;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>What publishers and subscribers were told to do, by the names of the options.</summary>
internal sealed record MessageSettingsReport(
    int Publishers,
    int Subscribers,
    string Topics,
    int Qos,
    int PayloadBytes,
    int Window,
    int Ahead,
    int Burst,
    double RatePerPublisher,
    long CountPerPublisher,
    double WarmUpSeconds,
    double DurationSeconds)
{
    /// <summary>Reads the settings.</summary>
    public static MessageSettingsReport Of(MessageSettings settings) => new(
        settings.Publishers,
        settings.Subscribers,
        settings.Topics switch { TopicPattern.Own => "own", TopicPattern.One => "one", _ => "pairs" },
        (int)settings.QoS,
        settings.PayloadBytes,
        settings.Window,
        settings.Ahead,
        settings.Burst,
        settings.Rate,
        settings.Count,
        settings.WarmUp.TotalSeconds,
        settings.Duration.TotalSeconds);

    /// <summary>For people.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Publishers:N0} publishers, {Subscribers:N0} subscribers, topics {Topics}, QoS {Qos}, {PayloadBytes:N0} bytes, {Pace()}");

    private string Pace() => RatePerPublisher > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{RatePerPublisher:#,0.##}/s each")
        : "as fast as possible";
}
