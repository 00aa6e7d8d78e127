using OrleansMqtt.PromiseCheck.History;

namespace OrleansMqtt.PromiseCheck.Tests.History;

public sealed class HistoryLogTests
{
    [Fact]
    public void Events_are_numbered_timed_and_written_as_JSON_lines_that_read_back()
    {
        using var file = new StringWriter();
        var log = new HistoryLog(TimeProvider.System, file);
        log.Add(new HistoryEvent { Kind = EventKind.Connecting, Client = "c", CleanStart = false, Delay = 3, Topic = "w", Value = "c/1" });
        log.Add(new HistoryEvent { Kind = EventKind.Received, Client = "c", QoS = 2, PacketId = 7, Duplicate = true });
        var events = log.Snapshot();
        Assert.Equal([1, 2], events.Select(static e => e.Number));
        Assert.True(events[0].At <= events[1].At);
        Assert.Equal(events[1].At, log.LastArrival);
        var lines = file.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(events, lines.Select(HistoryJson.Read));
        Assert.DoesNotContain("null", file.ToString(), StringComparison.Ordinal);
    }
}
