using System.Collections.Immutable;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Storage;

/// <summary>
/// The undelivered QoS 1 and 2 messages of persistent sessions, by client identifier and position. Each write carries the writer's
/// epoch; a write with an older epoch than the store has seen is refused with `InconsistentStateException`.
/// A returned task is completed when the write has reached the store's durability level.
/// </summary>
public interface ISessionLog
{
    /// <summary>Fences off writers with an older epoch and says what the log holds.</summary>
    ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch);

    /// <summary>
    /// Appends entries with rising positions, all of them or none. Positions that are already there are left as they are. A message whose <see cref="Messages.MessageIdentity"/>
    /// this log has taken before, even if it is long done, is passed over: its position stays empty. That holds for numbers below a floor, too, if they come late (of a source's latest four epochs
    /// that have fallen below one). A number of another epoch, however low, is another message: a client whose session begins anew may have one. Returns the positions of those, usually none;
    /// the same ones when the append is tried again.
    /// </summary>
    ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries);

    /// <summary>Entries from position <paramref name="from"/> on, in order, at most <paramref name="maximum"/>.</summary>
    ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum);

    /// <summary>Applies what a client has acknowledged, stored and released, as one write; what names something that is not there is passed over.</summary>
    ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update);

    /// <summary>QoS 2 messages of the client that await their PUBREL, in the order in which they came.</summary>
    ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId);

    /// <summary>Removes the whole log: what it held, what it has taken and the epoch. The client's next log begins anew.</summary>
    ValueTask DeleteAsync(string clientId, long epoch);
}

/// <summary>Changes to a log.</summary>
/// <param name="Removed">Positions of entries that are done.</param>
/// <param name="Released">Positions of QoS 2 entries that the client has received.</param>
/// <param name="Stored">QoS 2 messages of the client to keep until PUBREL; one under an identifier that is taken leaves the first as it is.</param>
/// <param name="Published">Packet identifiers of such messages that are done.</param>
public sealed record SessionLogUpdate(ImmutableArray<long> Removed, ImmutableArray<long> Released, ImmutableArray<InboundMessage> Stored, ImmutableArray<ushort> Published);

/// <summary>What a log holds.</summary>
/// <param name="Next">The position that the next entry gets.</param>
/// <param name="Count">Entries there.</param>
/// <param name="Bytes">Bytes of their messages (<see cref="Messages.Message.Size"/>), those left out that the client has received.</param>
public readonly record struct SessionLogExtent(long Next, int Count, long Bytes);

/// <summary>A log entry as the store has it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Released">Whether the client has received it (QoS 2).</param>
public readonly record struct StoredLogEntry(SessionLogEntry Entry, bool Released);
