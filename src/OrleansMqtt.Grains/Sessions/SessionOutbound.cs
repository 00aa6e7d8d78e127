using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>
/// The way out of a persistent session: appends to its log and, while its client is connected, pushes what the client's window
/// takes, one call in flight. At most a window of messages is in memory; the rest waits in the log.
/// Runs on the grain's scheduler only.
/// </summary>
internal sealed partial class SessionOutbound(string clientId, ISessionLog log, Live<SessionLimits> limits, BrokerMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int PageSize = 256;
    private readonly Queue<SessionLogEntry> _tail = new();
    private OutboundWindow<SessionLogEntry> _window = new();
    private IGatewayEndpoint? _endpoint;
    private readonly WriteGate _gate = new();
    private Task _appending = Task.CompletedTask;
    private TaskCompletionSource _stopped = new();
    private int _receiveMaximum;
    private long _epoch, _fence, _next, _durable, _cursor, _inflightBytes, _bytes;
    private int _count;
    private bool _pumping;
    // A write failed whose entries may be in the log nevertheless: what it holds has to be asked.
    private bool _isUnsure;

    /// <summary>Positions before this one may have been sent already.</summary>
    public long SentBefore { get; private set; }

    /// <summary>Messages in the log.</summary>
    public int Count => _count;

    /// <summary>Whether messages of a shared group may be in the log.</summary>
    public bool HasShared { get; set; }

    /// <summary>Called when messages could not be handed to the client's connection.</summary>
    public Action? Failed { get; set; }

    /// <summary>Called when the queue of a client that is there is full and the policy is to disconnect it.</summary>
    public Action? Overflowed { get; set; }

    /// <summary>Most activations that are told apart while a connection is the latest one.</summary>
    public const int MaximumWriters = (1 << WriterBits) - 1;

    // An epoch is a time in milliseconds and ten bits more: together with these it is good for a century.
    private const int WriterBits = 10;

    /// <summary>Writes carry <paramref name="epoch"/> from now on. Waits for those that are under way with the one before, and lets none begin meanwhile.</summary>
    /// <param name="epoch">Epoch of the latest connection.</param>
    /// <param name="writer">
    /// Number of this activation among those that have had this connection: one that was paused, and goes on with positions that another one has filled since, must not pass for it.
    /// </param>
    /// <param name="sentBefore">Positions before this one may have been sent already.</param>
    public async Task OpenAsync(long epoch, int writer, long sentBefore)
    {
        using var alone = await _gate.EnterAloneAsync();
        await ReadExtentAsync(epoch, (epoch << WriterBits) + writer);
        // What has no position yet has not been sent.
        SentBefore = Math.Min(sentBefore, _next);
    }

    // Alone: what a write under way removes would be taken off twice.
    private async Task MakeSureAsync()
    {
        using var alone = await _gate.EnterAloneAsync();
        if (_isUnsure) await ReadExtentAsync(_epoch, _fence);
    }

    private async Task ReadExtentAsync(long epoch, long fence)
    {
        var extent = await log.OpenAsync(clientId, fence);
        if (_isUnsure) CountFound(extent.Count - _count);
        (_epoch, _fence, _next, _durable, _count, _bytes) = (epoch, fence, Math.Max(extent.Next, _next), Math.Max(extent.Next, _next), extent.Count, extent.Bytes);
        _isUnsure = false;
    }

    /// <summary>A client is there: everything in the log is sent again from the start, what may have been sent before with DUP [MQTT-4.4.0-1].</summary>
    public void Start(IGatewayEndpoint endpoint, int receiveMaximum)
    {
        (_endpoint, _receiveMaximum) = (endpoint, receiveMaximum);
        if (_stopped.Task.IsCompleted) _stopped = new TaskCompletionSource();
        _ = PumpAsync();
    }

    /// <summary>The client is gone: nothing is in flight any longer.</summary>
    public void Stop()
    {
        SentBefore = Math.Max(SentBefore, _cursor);
        _endpoint = null;
        _window = new OutboundWindow<SessionLogEntry>();
        (_cursor, _inflightBytes) = (0, 0);
        _tail.Clear();
        _stopped.TrySetResult();
    }

    /// <summary>Appends what the queue has room for and returns when it is in the log.</summary>
    public async Task AppendAsync(ImmutableArray<SessionLogEntry> entries)
    {
        // Interleaved calls take their turns: positions reach the log in their order, and what is oldest is found there.
        var previous = _appending;
        var done = new TaskCompletionSource();
        _appending = done.Task;
        await previous;
        try
        {
            if (_isUnsure) await MakeSureAsync();
            using var write = await _gate.EnterAsync();
            await AppendInTurnAsync(entries);
        }
        finally
        {
            done.SetResult();
        }
    }

    private async Task AppendInTurnAsync(ImmutableArray<SessionLogEntry> entries)
    {
        metrics.CountCopies(entries.Length, 0);
        var accepted = ImmutableArray.CreateBuilder<SessionLogEntry>(entries.Length);
        foreach (var entry in entries)
            if (await MakeRoomAsync(entry, accepted)) accepted.Add(Take(entry));
        if (accepted.Count == 0) return;
        ImmutableArray<long> passedOver;
        try
        {
            passedOver = await log.AppendAsync(clientId, _fence, accepted.ToImmutable());
        }
        catch
        {
            // The publisher is told that it failed: these copies were never made.
            metrics.CountCopies(-accepted.Count, 0);
            foreach (var entry in accepted) Untake(entry);
            _isUnsure = true;
            throw;
        }
        foreach (var entry in accepted)
        {
            if (passedOver.Contains(entry.Sequence)) PassOver(entry);
            else if (_cursor + _tail.Count == entry.Sequence && _tail.Count < PageSize) _tail.Enqueue(entry);
        }
        _durable = accepted[^1].Sequence + 1;
        _ = PumpAsync();
    }

    /// <summary>Records what the client has acknowledged and stored, and sends what fits then. False when <paramref name="epoch"/> is past.</summary>
    public async Task<bool> ApplyAsync(long epoch, ImmutableArray<SessionOperation> operations)
    {
        var (removed, released) = (ImmutableArray.CreateBuilder<long>(), ImmutableArray.CreateBuilder<long>());
        var (stored, published) = (ImmutableArray.CreateBuilder<InboundMessage>(), ImmutableArray.CreateBuilder<ushort>());
        foreach (var operation in operations)
            switch (operation.Kind)
            {
                case SessionOperationKind.Completed: removed.Add(operation.Sequence); break;
                case SessionOperationKind.Received: released.Add(operation.Sequence); break;
                case SessionOperationKind.Store: stored.Add(new InboundMessage(operation.PacketId, operation.Message!)); break;
                case SessionOperationKind.Publish: published.Add(operation.PacketId); break;
            }
        using (await _gate.EnterAsync())
        {
            // Another connection may have come while this one waited.
            if (epoch != _epoch) return false;
            await log.UpdateAsync(clientId, _fence, new SessionLogUpdate(removed.ToImmutable(), released.ToImmutable(), stored.ToImmutable(), published.ToImmutable()));
            foreach (var position in removed) Forget(position);
            foreach (var position in released) Release(position);
        }
        if (removed.Count > 0) _ = PumpAsync();
        return true;
    }

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync() => log.ReadInboundAsync(clientId);

    private async Task UpdateAsync(SessionLogUpdate update)
    {
        using var write = await _gate.EnterAsync();
        await log.UpdateAsync(clientId, _fence, update);
    }

    /// <summary>The session ends: the log goes with it.</summary>
    public async Task DeleteAsync()
    {
        using var alone = await _gate.EnterAloneAsync();
        var waiting = await CountUnsentAsync();
        await log.DeleteAsync(clientId, _fence);
        metrics.CountWaiting(-waiting);
        metrics.CountDropped(DropReason.SessionEnded, default, clientId, waiting);
    }

    private async Task<int> CountUnsentAsync()
    {
        var unsent = 0;
        for (var from = SentBefore; ;)
        {
            var page = await log.ReadAsync(clientId, from, PageSize);
            if (page.IsEmpty) return unsent;
            unsent += page.Length;
            from = page[^1].Entry.Sequence + 1;
        }
    }

    private SessionLogEntry Take(SessionLogEntry entry)
    {
        metrics.CountWaiting(1);
        (_count, _bytes) = (_count + 1, _bytes + entry.Message.Size);
        HasShared |= entry.Group is not null;
        return entry with { Sequence = _next++ };
    }

    private void Untake(SessionLogEntry entry)
    {
        metrics.CountWaiting(-1);
        (_count, _bytes) = (_count - 1, _bytes - entry.Message.Size);
    }

    // Copies of a failed append that are there nevertheless.
    private void CountFound(int copies)
    {
        metrics.CountCopies(copies, 0);
        metrics.CountWaiting(copies);
    }

    // A repeat of a message that the log has taken before: no copy was made.
    private void PassOver(SessionLogEntry entry)
    {
        metrics.CountCopies(-1, 0);
        Untake(entry);
    }

    // What is accepted and not in the log yet is the newest there is; the oldest of it goes when the log has nothing left to drop.
    private async ValueTask<bool> MakeRoomAsync(SessionLogEntry entry, ImmutableArray<SessionLogEntry>.Builder accepted)
    {
        while (_count > 0 && (_count >= limits.Current.MaxQueuedMessages || _bytes + entry.Message.Size > limits.Current.MaxQueuedBytes))
        {
            if (limits.Current.WhenFull == QueueFullPolicy.DropOldest && (await DropOldestAsync() || DropFirst(accepted))) continue;
            if (limits.Current.WhenFull == QueueFullPolicy.Disconnect && _endpoint is not null) Overflowed?.Invoke();
            metrics.CountDropped(DropReason.QueueFull, entry.Message.Topic, clientId);
            return false;
        }
        return true;
    }

    private async ValueTask<bool> DropOldestAsync()
    {
        var oldest = await log.ReadAsync(clientId, Math.Max(_cursor, SentBefore), 1);
        if (oldest.IsEmpty) return false;
        Discard(oldest[0].Entry, DropReason.QueueFull);
        // Inside an append, which has entered the gate.
        await log.UpdateAsync(clientId, _fence, new SessionLogUpdate([oldest[0].Entry.Sequence], [], [], []));
        return true;
    }

    private bool DropFirst(ImmutableArray<SessionLogEntry>.Builder accepted)
    {
        if (accepted.Count == 0) return false;
        var first = accepted[0];
        Untake(first);
        accepted.RemoveAt(0);
        metrics.CountDropped(DropReason.QueueFull, first.Message.Topic, clientId);
        return true;
    }

    private void Discard(SessionLogEntry entry, DropReason reason)
    {
        if (entry.Sequence >= SentBefore) metrics.CountWaiting(-1);
        metrics.CountDropped(reason, entry.Message.Topic, clientId);
        (_count, _bytes) = (_count - 1, _bytes - entry.Message.Size);
        _returning?.Remove(entry.Sequence);
        _tail.Clear();
    }

    private void Forget(long position)
    {
        var packetId = PacketIdentifiers.Of(position);
        if (_window.Find(packetId, out var sequence, out var entry) == InflightState.Free || sequence != position) return;
        _window.Remove(packetId);
        _count--;
        if (entry is not null) GiveBack(entry);
    }

    // The client has the message: from here on only its identifier is in flight.
    private void Release(long position)
    {
        var packetId = PacketIdentifiers.Of(position);
        if (_window.Find(packetId, out var sequence, out var entry) == InflightState.Free || sequence != position) return;
        _window.Release(packetId, null!);
        if (entry is not null) GiveBack(entry);
    }

    private void GiveBack(SessionLogEntry entry)
    {
        _bytes -= entry.Message.Size;
        _inflightBytes -= entry.Message.Size;
    }
}
