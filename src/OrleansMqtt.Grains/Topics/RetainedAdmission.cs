using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>Which messages of one call there is room for among the retained ones. The room is taken before they are stored, since other partitions store at the same time.</summary>
internal sealed class RetainedAdmission(RetainedMessages retained, RetainedQuota quota)
{
    // What the topics of this call hold as far as it has been gone through; null for nothing.
    private readonly TopicIndex<Held> _latest = new();

    private sealed record Held(Message? Message);

    /// <summary>Takes room for those that there is room for, and notes the others.</summary>
    /// <param name="messages">Messages in order.</param>
    /// <param name="taken">The room that they take.</param>
    /// <param name="refused">Gets those that there is no room for.</param>
    /// <returns>The rest.</returns>
    public ImmutableArray<Message> Take(ImmutableArray<Message> messages, out (long Messages, long Bytes) taken, ref List<Message>? refused)
    {
        var room = ImmutableArray.CreateBuilder<Message>(messages.Length);
        taken = default;
        foreach (var message in messages)
        {
            if (RetainedMessages.IsOwn(message) || TryTake(message, ref taken)) room.Add(message);
            else (refused ??= []).Add(message);
        }
        return room.DrainToImmutable();
    }

    private bool TryTake(Message message, ref (long Messages, long Bytes) taken)
    {
        var before = _latest.Find(message.Topic) is { } held ? held.Message : retained.Find(message.Topic);
        var after = message.Payload.IsEmpty ? null : message;
        var (more, moreBytes) = ((after is null ? 0 : 1) - (before is null ? 0 : 1), (after?.Size ?? 0) - (before?.Size ?? 0));
        if (!quota.TryAdd(more, moreBytes)) return false;
        taken = (taken.Messages + more, taken.Bytes + moreBytes);
        _latest.Set(message.Topic, new Held(after));
        return true;
    }
}
