using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>The way out of a session with a store that takes its time. Every gate is opened by the test, so all runs on its thread.</summary>
public sealed class SessionOutboundTests : IDisposable
{
    private readonly GatedLog _log = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly FakeGateway _gateway = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Appends_that_overlap_reach_the_log_in_their_order()
    {
        var outbound = await OpenAsync();
        var gate = new TaskCompletionSource();
        _log.Appends.Enqueue(gate.Task);
        var first = outbound.AppendAsync(Entries("0", "1"));
        var second = outbound.AppendAsync(Entries("2"));
        outbound.Start(_gateway, 100);
        Assert.False(second.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(["0", "1", "2"], _gateway.Texts(1));
        AssertAccounts();
    }

    [Fact]
    public async Task Nothing_is_pushed_before_it_is_in_the_log()
    {
        var outbound = await OpenAsync();
        outbound.Start(_gateway, 100);
        var gate = new TaskCompletionSource();
        _log.Appends.Enqueue(gate.Task);
        var append = outbound.AppendAsync(Entries("0"));
        Assert.Empty(_gateway.Pushes);
        gate.SetResult();
        await append;

        Assert.Equal(["0"], _gateway.Texts(1));
    }

    [Fact]
    public async Task An_append_that_fails_leaves_no_copy_and_does_not_hold_up_the_next()
    {
        var outbound = await OpenAsync(new SessionLimits { MaxQueuedMessages = 2 });
        _log.Appends.Enqueue(Task.FromException(new InvalidOperationException("the store is down")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => outbound.AppendAsync(Entries("lost", "lost too")));
        Assert.Equal((0, 0), (_metrics.Copies, _metrics.Waiting));

        // Both places are free again.
        await outbound.AppendAsync(Entries("0", "1"));
        outbound.Start(_gateway, 100);

        Assert.Equal(["0", "1"], _gateway.Texts(1));
        AssertAccounts();
    }

    [Fact]
    public async Task A_batch_read_for_one_connection_does_not_reach_the_next_and_the_next_gets_everything()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync(Entries("0", "1"));
        var gate = new TaskCompletionSource();
        _log.Reads.Enqueue(gate.Task);
        outbound.Stop();
        outbound.Start(_gateway, 100);
        // Taken over through the same gateway while the log is being read.
        outbound.Stop();
        await outbound.OpenAsync(2, 0, outbound.SentBefore);
        outbound.Start(_gateway, 100);
        gate.SetResult();

        Assert.Empty(_gateway.Texts(1));
        Assert.Equal(["0", "1"], _gateway.Texts(2));
        Assert.All(_gateway.Pushes.SelectMany(p => p.Deliveries), d => Assert.False(d.Duplicate));
        AssertAccounts();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_connection_does_not_wait_for_a_push_to_a_gateway_that_is_paused(bool isThere)
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync(Entries("0"));
        var paused = new TaskCompletionSource();
        outbound.Start(new FakeGateway { Paused = paused.Task, Connected = isThere }, 100);
        outbound.Stop();
        await outbound.OpenAsync(2, 0, outbound.SentBefore);
        outbound.Start(_gateway, 100);
        Assert.Equal(["0"], _gateway.Texts(2));
        Assert.Equal((1, 0), (_metrics.Copies, _metrics.Sent));
        paused.SetResult();

        // The gateway counts what it has taken.
        Assert.Equal(isThere ? 0 : 1, _metrics.Sent);
        await outbound.AppendAsync(Entries("1"));
        Assert.Equal(["0", "1"], _gateway.Texts(2));
    }

    [Fact]
    public async Task A_push_that_does_not_reach_the_gateway_is_made_again_before_anything_else_is_pushed()
    {
        var outbound = await OpenAsync();
        _gateway.Failures.Enqueue(new TimeoutException("the link is down"));
        _gateway.Failures.Enqueue(new SiloUnavailableException("the link is down"));
        outbound.Start(_gateway, 100);
        await outbound.AppendAsync(Entries("0", "1"));
        await outbound.AppendAsync(Entries("2"));
        Assert.Empty(_gateway.Pushes);
        for (var i = 0; i < 2; i++) _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["0", "1", "2"], _gateway.Texts(1));
        AssertAccounts();
    }

    [Fact]
    public async Task A_push_is_not_made_again_for_a_connection_that_is_over()
    {
        var outbound = await OpenAsync();
        var cut = new FakeGateway();
        for (var i = 0; i < 5; i++) cut.Failures.Enqueue(new TimeoutException("the gateway is gone"));
        outbound.Start(cut, 100);
        await outbound.AppendAsync(Entries("0"));
        outbound.Stop();
        await outbound.OpenAsync(2, 0, outbound.SentBefore);
        outbound.Start(_gateway, 100);
        for (var i = 0; i < 5; i++) _time.Advance(TimeSpan.FromSeconds(1));
        await outbound.AppendAsync(Entries("1"));

        Assert.Empty(cut.Pushes);
        Assert.Equal(["0", "1"], _gateway.Texts(2));
        AssertAccounts();
    }

    [Fact]
    public async Task Behind_a_push_that_fails_for_good_nothing_is_pushed_to_that_connection()
    {
        var outbound = await OpenAsync();
        var failed = 0;
        outbound.Failed = () => failed++;
        _gateway.Failures.Enqueue(new InvalidDataException("it can not be read"));
        outbound.Start(_gateway, 100);
        await outbound.AppendAsync(Entries("0"));
        await outbound.AppendAsync(Entries("1"));

        Assert.Equal(1, failed);
        Assert.Empty(_gateway.Pushes);
    }

    [Fact]
    public async Task What_has_no_position_when_the_log_is_opened_comes_without_DUP()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync(Entries("0"));
        // An activation that does not know what the one before has sent.
        await outbound.OpenAsync(2, 0, long.MaxValue);
        outbound.Start(_gateway, 100);
        await outbound.AppendAsync(Entries("1"));

        Assert.Equal([("0", true), ("1", false)], _gateway.Pushes.SelectMany(p => p.Deliveries).Select(d => (d.Entry.Message.Text(), d.Duplicate)));
    }

    [Fact]
    public async Task A_push_that_came_too_late_is_accounted_for_and_comes_again()
    {
        var outbound = await OpenAsync();
        _gateway.Connected = false;
        outbound.Start(_gateway, 100);
        await outbound.AppendAsync(Entries("0"));
        await outbound.AppendAsync(Entries("1"));
        AssertAccounts();
        outbound.Stop();
        await outbound.OpenAsync(2, 0, outbound.SentBefore);
        _gateway.Connected = true;
        outbound.Start(_gateway, 100);

        Assert.Equal(["0", "1"], _gateway.Texts(2));
        // The gateway counts what is sent for the first time.
        Assert.Equal([true, false], _gateway.Pushes.SelectMany(p => p.Deliveries).Select(d => d.Duplicate));
        AssertAccounts();
    }

    [Theory]
    [InlineData(QueueFullPolicy.DropOldest, new[] { "7", "8", "9" })]
    [InlineData(QueueFullPolicy.DropNewest, new[] { "0", "1", "2" })]
    public async Task A_batch_larger_than_the_queue_keeps_what_the_policy_says(QueueFullPolicy policy, string[] kept)
    {
        foreach (var batch in (int[])[10, 4, 1])
        {
            var outbound = await OpenAsync(new SessionLimits { MaxQueuedMessages = 3, WhenFull = policy }, $"client {batch}");
            foreach (var entries in Enumerable.Range(0, 10).Select(i => $"{i}").Chunk(batch)) await outbound.AppendAsync(Entries(entries));
            var gateway = new FakeGateway();
            outbound.Start(gateway, 100);

            Assert.Equal(kept, gateway.Texts(1));
        }
        Assert.Equal(21, _metrics.Dropped(DropReason.QueueFull));
    }

    [Fact]
    public async Task No_more_is_pushed_than_the_window_takes_until_something_is_acknowledged()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync(Entries("0", "1", "2", "3"));
        outbound.Start(_gateway, 2);
        Assert.Equal(["0", "1"], _gateway.Texts(1));
        await outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Completed, 1)]);
        Assert.Equal(["0", "1", "2"], _gateway.Texts(1));
        await outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Completed, 1), new SessionOperation(SessionOperationKind.Completed, 99)]);
        Assert.Equal(["0", "1", "2"], _gateway.Texts(1));
    }

    [Fact]
    public async Task What_was_received_is_released_again_instead_of_sent()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([Samples.Entry("0", QualityOfService.ExactlyOnce), Samples.Entry("1", QualityOfService.ExactlyOnce)]);
        outbound.Start(_gateway, 10);
        await outbound.ApplyAsync(1, [new SessionOperation(SessionOperationKind.Received, 0)]);
        outbound.Stop();
        await outbound.OpenAsync(2, 0, outbound.SentBefore);
        outbound.Start(_gateway, 10);

        var again = _gateway.Pushes[^1].Deliveries;
        Assert.Equal([(true, true), (true, false)], again.Select(d => (d.Duplicate, d.Released)));
    }

    private async Task<SessionOutbound> OpenAsync(SessionLimits? limits = null, string clientId = "c")
    {
        var outbound = new SessionOutbound(clientId, _log, new(limits ?? new SessionLimits()), _metrics, _time, NullLogger.Instance);
        await outbound.OpenAsync(1, 0, 0);
        return outbound;
    }

    // The fake gateway counts nothing: what it took of fresh messages is sent.
    private void AssertAccounts()
    {
        var sent = _metrics.Sent + _gateway.Pushes.SelectMany(p => p.Deliveries).Count(d => !d.Duplicate);
        Assert.Equal(_metrics.Copies, sent + _metrics.Waiting + _metrics.TotalDropped);
    }

    private static ImmutableArray<SessionLogEntry> Entries(params string[] texts) => [.. texts.Select(t => Samples.Entry(t))];
}
