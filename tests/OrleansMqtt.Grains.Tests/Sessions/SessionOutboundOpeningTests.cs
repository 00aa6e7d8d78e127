using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Specification.Faults;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>A session's log is opened for the next connection, or its store fails, while writes are under way.</summary>
public sealed class SessionOutboundOpeningTests : IDisposable
{
    private readonly GatedLog _log = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly FakeGateway _gateway = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Opening_anew_waits_for_an_append_under_way()
    {
        var outbound = await OpenAsync(_log);
        var gate = new TaskCompletionSource();
        _log.Appends.Enqueue(gate.Task);
        var append = outbound.AppendAsync(Entries("0", "1"));
        var opening = outbound.OpenAsync(2, 0, 0);
        var later = outbound.AppendAsync(Entries("2"));
        Assert.Equal((false, false, false), (append.IsCompleted, opening.IsCompleted, later.IsCompleted));
        gate.SetResult();
        await Task.WhenAll(append, opening, later);
        outbound.Start(_gateway, 10);

        Assert.Equal(["0", "1", "2"], _gateway.Texts(2));
        Assert.Equal(["0", "1", "2"], await ReadAsync(_log));
        AssertAccounts();
    }

    [Fact]
    public async Task Positions_given_out_before_the_log_is_opened_anew_are_not_given_out_again()
    {
        var outbound = await OpenAsync(_log, new SessionLimits { MaxQueuedMessages = 3, WhenFull = QueueFullPolicy.DropOldest });
        await outbound.AppendAsync(Entries("0", "1", "2"));
        // The append has given "3" its position and makes room for "4" when the next connection comes.
        var gate = new TaskCompletionSource();
        _log.Reads.Enqueue(Task.CompletedTask);
        _log.Reads.Enqueue(gate.Task);
        var append = outbound.AppendAsync(Entries("3", "4"));
        var opening = outbound.OpenAsync(2, 0, 0);
        Assert.False(append.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(append, opening);
        await outbound.AppendAsync(Entries("5"));
        outbound.Start(_gateway, 10);

        // What was acknowledged is there, but for what the full queue dropped.
        Assert.Equal(["3", "4", "5"], await ReadAsync(_log));
        Assert.Equal(["3", "4", "5"], _gateway.Texts(2));
        Assert.Equal([3, 4, 5], _gateway.Pushes.SelectMany(p => p.Deliveries).Select(d => d.Entry.Sequence));
        AssertAccounts();
    }

    [Fact]
    public async Task An_operation_of_a_past_connection_that_waited_changes_nothing()
    {
        var outbound = await OpenAsync(_log);
        await outbound.AppendAsync(Entries("0"));
        outbound.Start(_gateway, 10);
        var gate = new TaskCompletionSource();
        _log.Appends.Enqueue(gate.Task);
        var append = outbound.AppendAsync(Entries("1"));
        outbound.Stop();
        var opening = outbound.OpenAsync(2, 0, outbound.SentBefore);
        var acknowledging = outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Completed, 0)]);
        Assert.False(acknowledging.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(append, opening);

        Assert.False(await acknowledging);
        outbound.Start(_gateway, 10);
        Assert.Equal(["0", "1"], _gateway.Texts(2));
        Assert.Equal(2, outbound.Count);
        Assert.Equal(["0", "1"], await ReadAsync(_log));
    }

    [Fact]
    public async Task An_operation_under_way_is_done_before_the_log_is_opened_anew()
    {
        var outbound = await OpenAsync(_log);
        await outbound.AppendAsync(Entries("0", "1"));
        outbound.Start(_gateway, 10);
        var gate = new TaskCompletionSource();
        _log.Updates.Enqueue(gate.Task);
        var acknowledging = outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Completed, 0)]);
        outbound.Stop();
        var opening = outbound.OpenAsync(2, 0, outbound.SentBefore);
        Assert.False(opening.IsCompleted);
        gate.SetResult();
        await opening;
        outbound.Start(_gateway, 10);

        Assert.True(await acknowledging);
        Assert.Equal(["1"], _gateway.Texts(2));
        Assert.Equal(1, outbound.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_a_failed_append_that_are_in_the_log_nevertheless_are_counted_and_delivered(bool reopened)
    {
        var faults = new FaultPlan();
        var log = new FaultySessionLog(new MemorySessionLog(), faults);
        var outbound = await OpenAsync(log, new SessionLimits { MaxQueuedMessages = 3, WhenFull = QueueFullPolicy.DropNewest });
        faults.Next(Fault.AfterWrite);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => outbound.AppendAsync(Entries("0", "1")));
        if (reopened) await outbound.OpenAsync(2, 0, 0);
        await outbound.AppendAsync(Entries("2", "no room"));
        Assert.Equal((3, 3), (outbound.Count, _metrics.Waiting));
        outbound.Start(_gateway, 10);

        Assert.Equal(["0", "1", "2"], _gateway.Texts(reopened ? 2 : 1));
        Assert.Equal(1, _metrics.Dropped(DropReason.QueueFull));
        AssertAccounts();
    }

    [Fact]
    public async Task A_log_that_is_asked_what_it_holds_is_not_being_written_meanwhile()
    {
        var outbound = await OpenAsync(_log);
        await outbound.AppendAsync(Entries("0", "1"));
        outbound.Start(_gateway, 10);
        _log.Appends.Enqueue(Task.FromException(new IOException("the store is down")));
        await Assert.ThrowsAsync<IOException>(() => outbound.AppendAsync(Entries("lost")));
        // Written, and not answered: what it removes must not be taken off twice.
        var gate = new TaskCompletionSource();
        _log.UpdateAnswers.Enqueue(gate.Task);
        var acknowledging = outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Completed, 0)]);
        var append = outbound.AppendAsync(Entries("2"));
        gate.SetResult();
        await Task.WhenAll(acknowledging, append);

        Assert.Equal(2, outbound.Count);
        Assert.Equal(["1", "2"], await ReadAsync(_log));
        AssertAccounts();
    }

    [Fact]
    public async Task Messages_of_a_log_that_could_not_be_deleted_at_first_are_dropped_once()
    {
        var faults = new FaultPlan();
        var outbound = await OpenAsync(new FaultySessionLog(_log, faults));
        await outbound.AppendAsync(Entries("0", "1"));
        faults.Next(Fault.BeforeWrite);
        await Assert.ThrowsAsync<StoreUnavailableException>(outbound.DeleteAsync);
        Assert.Equal((2, 0), (_metrics.Waiting, _metrics.TotalDropped));
        await outbound.DeleteAsync();

        Assert.Equal((0, 2), (_metrics.Waiting, _metrics.Dropped(DropReason.SessionEnded)));
        Assert.Empty(await ReadAsync(_log));
    }

    private async Task<SessionOutbound> OpenAsync(ISessionLog log, SessionLimits? limits = null)
    {
        var outbound = new SessionOutbound("c", log, new(limits ?? new SessionLimits()), _metrics, new ManualTimeProvider(), NullLogger.Instance);
        await outbound.OpenAsync(1, 0, 0);
        return outbound;
    }

    private void AssertAccounts()
    {
        var sent = _metrics.Sent + _gateway.Pushes.SelectMany(p => p.Deliveries).Count(d => !d.Duplicate);
        Assert.Equal(_metrics.Copies, sent + _metrics.Waiting + _metrics.TotalDropped);
    }

    private static async Task<List<string>> ReadAsync(GatedLog log) => [.. (await log.ReadAsync("c", 0, 100)).Select(s => s.Entry.Message.Text())];

    private static ImmutableArray<SessionLogEntry> Entries(params string[] texts) => [.. texts.Select(t => Samples.Entry(t))];
}
