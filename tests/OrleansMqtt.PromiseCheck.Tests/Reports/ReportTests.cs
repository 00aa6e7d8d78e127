using System.CommandLine;
using System.Text.Json;
using OrleansMqtt.PromiseCheck.Arguments;
using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.Reports;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void A_clean_history_is_fine()
    {
        var report = CheckReport.Of(Settings("7"), new Tale().Subscribed("s", "m/#").Sent("p/0/1").Received("s", "p/0/1").Events);
        Assert.True(report.IsFine);
        Assert.Equal("Every promise was kept (seed 7).", ReportText.Lines(report).Last());
    }

    [Fact]
    public void Broken_promises_are_counted_and_some_of_each_kind_shown()
    {
        var tale = new Tale().Subscribed("s", "m/#");
        for (var i = 1; i <= 5; i++) tale.Sent($"p/0/{i}");
        var report = CheckReport.Of(Settings("7"), tale.Events);
        Assert.False(report.IsFine);
        Assert.Equal(5, report.Findings[FindingKind.Lost]);
        Assert.Equal(2, report.Shown.Count);
        var lines = ReportText.Lines(report).ToList();
        Assert.Contains(lines, static line => line.StartsWith("acknowledged messages lost", StringComparison.Ordinal) && line.EndsWith("5  BROKEN", StringComparison.Ordinal));
        Assert.StartsWith("Lost: s never received \"p/0/1\"", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_valid_JSON()
    {
        using var json = JsonDocument.Parse(ReportJson.Write(CheckReport.Of(Settings("7"), new Tale().Subscribed("s", "m/#").Sent("p/0/1").Events)));
        Assert.Equal(7, json.RootElement.GetProperty("seed").GetInt32());
        Assert.False(json.RootElement.GetProperty("isFine").GetBoolean());
        Assert.Equal(1, json.RootElement.GetProperty("counts").GetProperty("acknowledged").GetInt32());
        Assert.Equal(1, json.RootElement.GetProperty("findings").GetProperty("lost").GetInt32());
    }

    private static CheckSettings Settings(string seed)
    {
        var command = new RootCommand();
        var options = new CheckOptions();
        options.AddTo(command);
        return options.Read(command.Parse(["--target", "a:1", "--cycles", "0", "--show", "2", "--seed", seed]), out _)!;
    }
}
