using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>A member of a shared group leaves; other members take its messages when the test lets them.</summary>
public sealed class ReturnSharedTests : IDisposable
{
    private readonly GatedLog _log = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly List<(string Text, PendingPublish Pending)> _offered = [];

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task A_message_leaves_the_log_when_the_other_member_has_it_and_not_before()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([Samples.SharedEntry("0"), Samples.Entry("own"), Samples.SharedEntry("1")]);
        var returning = outbound.ReturnSharedAsync(Offer);
        // All of them are under way at once, in their order.
        Assert.Equal(["0", "1"], _offered.Select(o => o.Text));
        _offered[0].Pending.Complete();
        Assert.Equal(["0", "own", "1"], await ReadAsync());
        _offered[1].Pending.Complete();
        await returning;

        Assert.Equal(["own"], await ReadAsync());
        Assert.Equal((1, 1), (_metrics.Copies, _metrics.Waiting));
    }

    [Fact]
    public async Task A_message_that_the_other_member_could_not_take_stays()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([Samples.SharedEntry("0"), Samples.SharedEntry("1")]);
        outbound.Stop();
        var returning = outbound.ReturnSharedAsync(Offer);
        _offered[0].Pending.Complete(new IOException("the other member's store is down"));
        _offered[1].Pending.Complete();
        await returning;
        var gateway = new FakeGateway();
        outbound.Start(gateway, 10);

        Assert.Equal(["0"], gateway.Texts(1));
        Assert.Equal(1, _metrics.Copies);
    }

    [Fact]
    public async Task What_comes_meanwhile_is_not_returned()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([Samples.SharedEntry("0")]);
        var returning = outbound.ReturnSharedAsync(Offer);
        // Another member leaves at the same time and has returned this one here.
        await outbound.AppendAsync([Samples.SharedEntry("new")]);
        _offered[0].Pending.Complete();
        await returning;

        Assert.Equal(["0"], _offered.Select(o => o.Text));
        Assert.Equal(["new"], await ReadAsync());
    }

    [Fact]
    public async Task A_message_that_a_full_queue_drops_meanwhile_is_accounted_for_once()
    {
        var outbound = await OpenAsync(new SessionLimits { MaxQueuedMessages = 2, WhenFull = QueueFullPolicy.DropOldest });
        await outbound.AppendAsync([Samples.SharedEntry("0"), Samples.SharedEntry("1")]);
        var returning = outbound.ReturnSharedAsync(Offer);
        await outbound.AppendAsync([Samples.Entry("own")]);
        foreach (var (_, pending) in _offered) pending.Complete();
        await returning;

        Assert.Equal(["own"], await ReadAsync());
        Assert.Equal((2, 1, 1), (_metrics.Copies, _metrics.Waiting, _metrics.Dropped(DropReason.QueueFull)));
        // Both places are free but one.
        await outbound.AppendAsync([Samples.Entry("second")]);
        Assert.Equal(["own", "second"], await ReadAsync());
    }

    [Fact]
    public async Task Without_another_member_everything_stays()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([Samples.SharedEntry("0")]);
        await outbound.ReturnSharedAsync(static _ => new RouteResult(0, null));

        Assert.Equal(["0"], await ReadAsync());
        Assert.Equal(1, _metrics.Waiting);
    }

    [Fact]
    public async Task More_than_a_page_is_returned_page_by_page()
    {
        var outbound = await OpenAsync();
        await outbound.AppendAsync([.. Enumerable.Range(0, 1000).Select(i => Samples.SharedEntry($"{i}"))]);
        var returning = outbound.ReturnSharedAsync(Offer);
        var most = 0;
        for (var done = 0; done < 1000;)
        {
            most = Math.Max(most, _offered.Count - done);
            while (done < _offered.Count) _offered[done++].Pending.Complete();
            await Task.WhenAny(returning, OfferedAsync(done + 1));
        }
        await returning;

        Assert.InRange(most, 1, 256);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), _offered.Select(o => o.Text));
        Assert.Empty(await ReadAsync());
    }

    private TaskCompletionSource? _more;
    private int _wanted;

    private RouteResult Offer(SessionLogEntry entry)
    {
        var pending = new PendingPublish();
        _offered.Add((entry.Message.Text(), pending));
        if (_offered.Count == _wanted) _more?.SetResult();
        return new RouteResult(1, pending);
    }

    private Task OfferedAsync(int count)
    {
        if (_offered.Count >= count) return Task.CompletedTask;
        (_wanted, _more) = (count, new TaskCompletionSource());
        return _more.Task;
    }

    private async Task<SessionOutbound> OpenAsync(SessionLimits? limits = null)
    {
        var outbound = new SessionOutbound("c", _log, new(limits ?? new SessionLimits()), _metrics, new ManualTimeProvider(), NullLogger.Instance);
        await outbound.OpenAsync(1, 0, 0);
        return outbound;
    }

    private async Task<List<string>> ReadAsync() => [.. (await _log.ReadAsync("c", 0, 10_000)).Select(s => s.Entry.Message.Text())];
}
