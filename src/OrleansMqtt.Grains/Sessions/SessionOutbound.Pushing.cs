using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

// From the log to the client's gateway.
internal sealed partial class SessionOutbound
{
    private async Task PumpAsync()
    {
        if (_pumping) return;
        _pumping = true;
        var epoch = _epoch;
        try
        {
            while (_endpoint is { } endpoint)
            {
                epoch = _epoch;
                var batch = await NextBatchAsync(epoch);
                var current = Serves(epoch);
                if (current && batch.IsEmpty) break;
                if (current && await PushAsync(endpoint, epoch, batch)) continue;
                CountGone(batch);
                if (epoch == _epoch) _endpoint = null;
            }
        }
#pragma warning disable CA1031 // Whatever failed, the messages stay in the log and go out with the next connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogPushFailed(logger, exception, clientId);
            if (!Serves(epoch)) return;
            // Nothing may come behind what is missing. Without its messages the connection is of no use to the client; the next one begins anew.
            _endpoint = null;
            Failed?.Invoke();
        }
        finally
        {
            _pumping = false;
        }
    }

    // A link that is down for a moment costs nobody a connection: the gateway passes over what it has been given before. It ends with the connection, which ends with the gateway.
    private async Task<bool> PushAsync(IGatewayEndpoint endpoint, long epoch, ImmutableArray<SessionDelivery> batch)
    {
        for (var pause = BackOff.First; ; pause = BackOff.After(pause))
        {
            try
            {
                return await AnswerAsync(endpoint.PushAsync(clientId, epoch, batch), batch);
            }
            catch (Exception exception) when (PassingFailure.Is(exception) && Serves(epoch))
            {
                LogPushRepeated(logger, exception, clientId);
            }
            await Task.WhenAny(Task.Delay(pause, time), _stopped.Task);
            if (!Serves(epoch)) return false;
        }
    }

    // The next connection does not wait for the gateway of the one before, which may be paused: its client gets nothing more there.
    private async Task<bool> AnswerAsync(Task<bool> push, ImmutableArray<SessionDelivery> batch)
    {
        if (push.IsCompleted || await Task.WhenAny(push, _stopped.Task) == push) return await push;
        _ = CountLateAsync(push, batch);
        return true;
    }

    private async Task CountLateAsync(Task<bool> push, ImmutableArray<SessionDelivery> batch)
    {
        try
        {
            if (await push) return;
        }
#pragma warning disable CA1031 // Whatever failed, the messages stay in the log and go out with the next connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogPushFailed(logger, exception, clientId);
        }
        CountGone(batch);
    }

    // The connection has gone with the batch. It counts as sent, as what was under way does: it comes again with DUP.
    private void CountGone(ImmutableArray<SessionDelivery> batch) => metrics.CountCopies(0, batch.Count(static delivery => !delivery.Duplicate));

    [LoggerMessage(12, LogLevel.Warning, "Client {ClientId}: its gateway could not be reached; it is given the same messages again.")]
    private static partial void LogPushRepeated(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(10, LogLevel.Warning, "Client {ClientId}: its gateway did not take messages; they wait for its next connection.")]
    private static partial void LogPushFailed(ILogger logger, Exception exception, string clientId);

    private bool Serves(long epoch) => epoch == _epoch && _endpoint is not null;

    // Stops short when the connection changes while it reads: the next one begins anew.
    private async ValueTask<ImmutableArray<SessionDelivery>> NextBatchAsync(long epoch)
    {
        var batch = ImmutableArray.CreateBuilder<SessionDelivery>();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        while (Serves(epoch) && batch.Count < PageSize && _window.Count < _receiveMaximum && _window.HasRoom && _cursor < _durable && (_window.Count == 0 || _inflightBytes < limits.Current.MaxInflightBytes))
        {
            if (_tail.TryPeek(out var first) && first.Sequence == _cursor)
            {
                if (!_window.Fits(first.Sequence)) break;
                _tail.Dequeue();
                await AddAsync(batch, new StoredLogEntry(first, false), now);
                continue;
            }
            _tail.Clear();
            // What comes to be there while it is read may not be in the page: an empty page says nothing about it.
            var durable = _durable;
            var page = await log.ReadAsync(clientId, _cursor, Math.Min(PageSize, _receiveMaximum - _window.Count));
            if (!Serves(epoch)) break;
            if (page.IsEmpty)
            {
                _cursor = durable;
                continue;
            }
            foreach (var stored in page)
            {
                if (!Serves(epoch) || !_window.Fits(stored.Entry.Sequence) || (_window.Count > 0 && _inflightBytes >= limits.Current.MaxInflightBytes)) return batch.ToImmutable();
                await AddAsync(batch, stored, now);
            }
        }
        return batch.ToImmutable();
    }

    private async ValueTask AddAsync(ImmutableArray<SessionDelivery>.Builder batch, StoredLogEntry stored, long now)
    {
        var (entry, released) = stored;
        _cursor = entry.Sequence + 1;
        var duplicate = entry.Sequence < SentBefore;
        if (!duplicate && entry.Message.HasExpired(now))
        {
            Discard(entry, DropReason.Expired);
            await UpdateAsync(new SessionLogUpdate([entry.Sequence], [], [], []));
            return;
        }
        if (!duplicate) metrics.CountWaiting(-1);
        var state = released ? InflightState.AwaitingPubComp : entry.QoS == QualityOfService.AtLeastOnce ? InflightState.AwaitingPubAck : InflightState.AwaitingPubRec;
        _window.Add(entry.Sequence, state, released ? null! : entry);
        if (!released) _inflightBytes += entry.Message.Size;
        batch.Add(new SessionDelivery(entry, duplicate, released));
    }
}
