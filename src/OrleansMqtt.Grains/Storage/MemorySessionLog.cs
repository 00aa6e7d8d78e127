using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Storage;
using OrleansMqtt.Messages;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Storage;

/// <summary>Session logs of the `memory` store: they outlive an activation, not the process.</summary>
internal sealed class MemorySessionLog : ISessionLog
{
    private const int PastEpochs = 4;
    private readonly ConcurrentDictionary<string, Log> _logs = new();

    private sealed class Log
    {
        public long Epoch;
        public long First;
        public long Bytes;
        public int Count;
        public bool Deleted;

        /// <summary>Entries from position <see cref="First"/> on; an empty place is an entry that is done.</summary>
        public readonly List<StoredLogEntry?> Entries = [];
        public readonly List<InboundMessage> Inbound = [];

        // The numbers of messages taken that may come again, by source.
        private readonly Dictionary<string, SortedSet<MessageNumber>> _taken = [];

        // Of those that have fallen below a floor since, the highest count of each of the latest epochs.
        private readonly Dictionary<string, SortedDictionary<long, long>> _past = [];

        public long Next => First + Entries.Count;

        /// <summary>Whether a message is to be taken: whether none of its identity has been.</summary>
        public bool Takes(MessageIdentity? identity)
        {
            if (identity is null) return true;
            if (!_taken.TryGetValue(identity.Source, out var numbers)) _taken.Add(identity.Source, numbers = []);
            while (numbers.Count > 0 && numbers.Min < identity.Floor)
            {
                Forget(identity.Source, numbers.Min);
                numbers.Remove(numbers.Min);
            }
            var isPast = _past.TryGetValue(identity.Source, out var past) && past.TryGetValue(identity.Number.Epoch, out var count) && identity.Number.Count <= count;
            return !isPast && numbers.Add(identity.Number);
        }

        // They come in their order.
        private void Forget(string source, MessageNumber number)
        {
            if (!_past.TryGetValue(source, out var past)) _past.Add(source, past = []);
            past[number.Epoch] = Math.Max(number.Count, past.GetValueOrDefault(number.Epoch));
            if (past.Count > PastEpochs) past.Remove(past.First().Key);
        }

        public bool Has(long position) => position >= First && Entries[(int)(position - First)] is not null;

        public void Remove(long position)
        {
            var index = position - First;
            if (index < 0 || index >= Entries.Count || Entries[(int)index] is not { } entry) return;
            Entries[(int)index] = null;
            Count--;
            if (!entry.Released) Bytes -= entry.Entry.Message.Size;
        }

        public void Release(long position)
        {
            var index = position - First;
            if (index >= 0 && index < Entries.Count && Entries[(int)index] is { Released: false } entry)
            {
                Entries[(int)index] = entry with { Released = true };
                Bytes -= entry.Entry.Message.Size;
            }
        }

        /// <summary>Cuts the empty places at the start off, a good part at a time so that it costs little per entry.</summary>
        public void Trim()
        {
            if (Count == 0)
            {
                First = Next;
                Entries.Clear();
                return;
            }
            var empty = 0;
            while (Entries[empty] is null) empty++;
            if (empty < 64 || empty < Entries.Count / 2) return;
            Entries.RemoveRange(0, empty);
            First += empty;
        }
    }

    public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => new(Write(clientId, epoch, static log => new SessionLogExtent(log.Next, log.Count, log.Bytes)));

    public ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries) => new(Write(clientId, epoch, log =>
    {
        var passedOver = ImmutableArray<long>.Empty;
        foreach (var entry in entries)
        {
            if (entry.Sequence < log.Next)
            {
                // Tried again: what was passed over then is so now. A position that was emptied since is no different to the writer: it is done.
                if (entry.Message.Identity is not null && !log.Has(entry.Sequence)) passedOver = passedOver.Add(entry.Sequence);
                continue;
            }
            while (log.Next < entry.Sequence) log.Entries.Add(null);
            if (!log.Takes(entry.Message.Identity))
            {
                log.Entries.Add(null);
                passedOver = passedOver.Add(entry.Sequence);
                continue;
            }
            log.Entries.Add(new StoredLogEntry(entry, false));
            log.Count++;
            log.Bytes += entry.Message.Size;
        }
        return passedOver;
    }));

    public ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum)
    {
        if (!_logs.TryGetValue(clientId, out var log)) return new([]);
        lock (log)
        {
            var page = ImmutableArray.CreateBuilder<StoredLogEntry>();
            for (var i = (int)(Math.Clamp(from, log.First, log.Next) - log.First); i < log.Entries.Count && page.Count < maximum; i++)
                if (log.Entries[i] is { } entry) page.Add(entry);
            return new(page.ToImmutable());
        }
    }

    public ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
    {
        Write(clientId, epoch, log =>
        {
            foreach (var position in update.Removed) log.Remove(position);
            foreach (var position in update.Released) log.Release(position);
            foreach (var stored in update.Stored)
                if (!log.Inbound.Exists(m => m.PacketId == stored.PacketId)) log.Inbound.Add(stored);
            foreach (var packetId in update.Published) log.Inbound.RemoveAll(m => m.PacketId == packetId);
            log.Trim();
            return true;
        });
        return default;
    }

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId)
    {
        if (!_logs.TryGetValue(clientId, out var log)) return new([]);
        lock (log) return new([.. log.Inbound]);
    }

    public ValueTask DeleteAsync(string clientId, long epoch)
    {
        Write(clientId, epoch, log => log.Deleted = _logs.TryRemove(clientId, out _));
        return default;
    }

    private T Write<T>(string clientId, long epoch, Func<Log, T> write)
    {
        while (true)
        {
            var log = _logs.GetOrAdd(clientId, static _ => new Log());
            lock (log)
            {
                // Deleted between look-up and lock: what is written now belongs to a new log.
                if (log.Deleted) continue;
                if (epoch < log.Epoch) throw new InconsistentStateException($"Session log of {clientId}: epoch {epoch} is past, {log.Epoch} writes now.");
                log.Epoch = epoch;
                return write(log);
            }
        }
    }
}
