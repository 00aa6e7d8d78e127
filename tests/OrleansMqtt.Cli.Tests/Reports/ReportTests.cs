using System.Text.Json;
using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Connects;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Cli.Bench.Reports;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Tests.Reports;

public sealed class ReportTests
{
    private static readonly BrokerSettings Broker = new()
    {
        Host = "h", Port = 1, Version = ProtocolVersion.V50, UserName = "user", Password = "secret", Prefix = "p", Seed = 2,
    };

    [Fact]
    public void Messages_as_JSON_have_these_members()
    {
        var json = JsonDocument.Parse(Message(Fine, 1).ToJson()).RootElement;
        Assert.Equal(
            ["command", "broker", "settings", "endedEarly", "measuredSeconds", "sentPerSecond", "receivedPerSecond", "latencyMicroseconds", "messages", "generatorCpuSeconds", "problems", "isFine"],
            Names(json));
        Assert.Equal(["host", "port", "transport", "protocol", "prefix", "seed"], Names(json.GetProperty("broker")));
        Assert.Equal(["count", "p50", "p90", "p99", "p999", "max"], Names(json.GetProperty("latencyMicroseconds")));
        Assert.Equal(
            ["sent", "acknowledged", "refused", "expected", "received", "lost", "duplicated", "reordered", "stray"], Names(json.GetProperty("messages")));
        Assert.Equal(
            ["publishers", "subscribers", "topics", "qos", "payloadBytes", "window", "ahead", "burst", "ratePerPublisher", "countPerPublisher", "warmUpSeconds", "durationSeconds"],
            Names(json.GetProperty("settings")));
        Assert.Equal((5, 4), (json.GetProperty("sentPerSecond").GetDouble(), json.GetProperty("receivedPerSecond").GetDouble()));
    }

    [Fact]
    public void Connects_as_JSON_have_these_members()
    {
        var result = new ConnectResult
        {
            Connected = 8, Failed = 2, LostWhileHeld = 0, Seconds = 2, Latency = new(), EndedEarly = false, GeneratorCpuSeconds = 1, Problems = [],
        };
        var report = ConnectReport.Of(Broker, new ConnectSettings(10, 5, TimeSpan.Zero), result);
        var json = JsonDocument.Parse(report.ToJson()).RootElement;
        Assert.Equal(
            ["command", "broker", "clients", "concurrency", "holdSeconds", "endedEarly", "connected", "failed", "lostWhileHeld", "connectSeconds", "connectsPerSecond", "connackMicroseconds", "generatorCpuSeconds", "problems", "isFine"],
            Names(json));
        Assert.Equal(4, json.GetProperty("connectsPerSecond").GetDouble());
        Assert.False(report.IsFine);
    }

    [Fact]
    public void Neither_user_name_nor_password_is_told()
    {
        var report = Message(Fine, 1);
        Assert.All((string[])[report.ToJson(), .. report.ToLines()], static text =>
        {
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("user", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Duplicates_are_fine_at_QoS_1_alone()
    {
        var twice = Fine with { Received = 11, Duplicated = 1 };
        Assert.True(Message(twice, 1).IsFine);
        Assert.False(Message(twice, 0).IsFine);
        Assert.False(Message(twice, 2).IsFine);
    }

    [Fact]
    public void Nothing_else_is_fine()
    {
        MessageCounts[] bad = [Fine with { Lost = 1 }, Fine with { Reordered = 1 }, Fine with { Refused = 1 }, Fine with { Stray = 1 }];
        Assert.All(bad, static counts => Assert.False(Message(counts, 1).IsFine));
        Assert.False(Message(Fine, 1, "A problem.").IsFine);
    }

    [Theory]
    [InlineData(500, "0.5 us")]
    [InlineData(1_500_000, "1.5 ms")]
    [InlineData(2_250_000_000, "2.25 s")]
    public void Latencies_have_a_unit_that_fits(long nanoseconds, string expected)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(nanoseconds);
        Assert.EndsWith($"max {expected}", LatencyReport.Of(histogram).ToText(), StringComparison.Ordinal);
    }

    private static MessageCounts Fine { get; } = new(10, 10, 0, 10, 10, 0, 0, 0, 0);

    private static MessageReport Message(MessageCounts counts, int qos, params string[] problems)
    {
        var settings = new MessageSettings
        {
            Publishers = 1, Subscribers = 1, Topics = TopicPattern.Pairs, QoS = (QualityOfService)qos, PayloadBytes = 16, Window = 1, Ahead = 0,
            Burst = 1, Rate = 0, Count = 0, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(2),
        };
        return MessageReport.Of("throughput", Broker, settings, new MessageResult
        {
            Counts = counts, Seconds = 2, SentInSpan = 10, ReceivedInSpan = 8, Latency = new(), EndedEarly = false, GeneratorCpuSeconds = 1, Problems = problems,
        });
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(static member => member.Name);
}
