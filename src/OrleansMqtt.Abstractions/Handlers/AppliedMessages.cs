using OrleansMqtt.Messages;

namespace OrleansMqtt.Handlers;

/// <summary>
/// The messages that a grain has applied: part of the state that it writes anyway, so that effect and memory are stored by one write, or neither. A message that comes again, because a process died
/// between that write and the acknowledgement, is known by its identity and has no second effect.
/// </summary>
/// <example>
/// <code>
/// public async Task On(TopicContext context, Payment payment)
/// {
///     if (!account.State.Applied.TryAdd(context.MessageId)) return;
///     account.State.Balance += payment.Amount;
///     await account.WriteStateAsync();
/// }
/// </code>
/// </example>
/// <remarks>
/// For handlers whose publishers are acknowledged when handled (<see cref="AckMode.Handled"/>). What is known of each source is bounded by its own floor; sources that have sent nothing for long are forgotten
/// when there are more than <see cref="Capacity"/>. What a client publishes again after it has connected again is recognized at QoS 2 from a persistent session; at QoS 1 it is
/// another message, as nothing in it says that it is not.
/// </remarks>
[GenerateSerializer, Alias("OrleansMqtt.AppliedMessages")]
public sealed class AppliedMessages
{
    /// <summary>Of how many sources it knows at most, from 1. Default: 64.</summary>
    [Id(0)] public int Capacity { get; set; } = 64;

    /// <summary>What is known, by source; the one that was heard of last stands last. For whoever stores it.</summary>
    [Id(1)] public List<AppliedSource> Sources { get; set; } = [];

    /// <summary>Notes a message as applied.</summary>
    /// <param name="message">Its identity, <see cref="TopicContext.MessageId"/>.</param>
    /// <returns>False if it has been applied before, and must not be again.</returns>
    public bool TryAdd(MessageIdentity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Take(message.Source).TryAdd(message.Number, message.Floor);
    }

    /// <summary>Whether a message has been applied.</summary>
    /// <param name="message">Its identity.</param>
    public bool Contains(MessageIdentity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Sources.Find(source => source.Source == message.Source)?.Contains(message.Number) == true;
    }

    private AppliedSource Take(string name)
    {
        var at = Sources.FindLastIndex(source => source.Source == name);
        var source = at < 0 ? new AppliedSource { Source = name } : Sources[at];
        if (at >= 0) Sources.RemoveAt(at);
        while (Sources.Count >= Math.Max(Capacity, 1)) Sources.RemoveAt(0);
        Sources.Add(source);
        return source;
    }
}
