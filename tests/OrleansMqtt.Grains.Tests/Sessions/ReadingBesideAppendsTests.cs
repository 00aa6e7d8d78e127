using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>A store answers a read with what was there when it began; meanwhile more may have come.</summary>
public sealed class ReadingBesideAppendsTests
{
    [Fact]
    public async Task What_is_appended_while_the_log_is_read_is_delivered_and_in_order()
    {
        using var metrics = new BrokerMetrics();
        var log = new SlowReads();
        // An activation before this one had a message that is done: there is something to look for, and nothing to find.
        await log.AppendAsync("c", 1, [Samples.Entry("done")]);
        await log.UpdateAsync("c", 1, new SessionLogUpdate([0], [], [], []));
        var outbound = new SessionOutbound("c", log, new(new SessionLimits()), metrics, new ManualTimeProvider(), NullLogger.Instance);
        await outbound.OpenAsync(1, 0, 0);
        var gateway = new FakeGateway();
        log.Hold();
        outbound.Start(gateway, 10);
        await log.Held.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) await outbound.AppendAsync([Samples.Entry($"{i}")]);
        log.Release();
        await gateway.Pushed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await outbound.AppendAsync([Samples.Entry("3")]);

        Assert.Equal(["0", "1", "2", "3"], gateway.Texts(1));
    }

    private sealed class SlowReads : ISessionLog
    {
        private readonly MemorySessionLog _log = new();
        private readonly TaskCompletionSource _held = new();
        private TaskCompletionSource? _gate;

        public Task Held => _held.Task;

        public void Hold() => _gate = new TaskCompletionSource();

        public void Release()
        {
            var gate = _gate!;
            _gate = null;
            gate.SetResult();
        }

        public async ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum)
        {
            var page = await _log.ReadAsync(clientId, from, maximum);
            if (_gate is { } gate)
            {
                _held.TrySetResult();
                await gate.Task;
            }
            return page;
        }

        public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => _log.OpenAsync(clientId, epoch);

        public ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries) => _log.AppendAsync(clientId, epoch, entries);

        public ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update) => _log.UpdateAsync(clientId, epoch, update);

        public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => _log.ReadInboundAsync(clientId);

        public ValueTask DeleteAsync(string clientId, long epoch) => _log.DeleteAsync(clientId, epoch);
    }
}
