using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Topics;

/// <summary>
/// Tells retained messages that come late, behind later ones of their publishers on the same topic (<see cref="RetainedOrder"/>). Of one connection the numbers say it. The numbers of connections come from clocks,
/// and a publisher whose session is lost may get a lower one at a silo whose clock is behind: so before a message is passed over, the publisher's session is asked whether it has a later connection. Who
/// cannot be asked is believed.
/// </summary>
internal sealed partial class LateMessages(RetainedMessages retained, IGrainFactory grains, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The messages without those that are late.</summary>
    public async ValueTask<ImmutableArray<Message>> RemoveAsync(ImmutableArray<Message> messages)
    {
        if (!messages.Any(static message => message.Order is not null)) return messages;
        var (latest, timely) = (new TopicIndex<Message>(), ImmutableArray.CreateBuilder<Message>(messages.Length));
        foreach (var message in messages)
        {
            if (await IsLateAsync(message, latest.Find(message.Topic) ?? retained.Find(message.Topic))) continue;
            latest.Set(message.Topic, message);
            timely.Add(message);
        }
        return timely.Count == messages.Length ? messages : timely.DrainToImmutable();
    }

    private async ValueTask<bool> IsLateAsync(Message message, Message? last) =>
        message is { Order: { } order, Publisher: { } publisher } && last?.Order is { } before && last.Publisher == publisher && !order.IsAfter(before)
        && (order.Number.Epoch == before.Number.Epoch || await HasLaterConnectionAsync(publisher, order.Number.Epoch));

    private async Task<bool> HasLaterConnectionAsync(string publisher, long epoch)
    {
        try
        {
            return await grains.GetGrain<ISessionGrain>(SessionKey.Of(publisher)).HasLaterConnectionAsync(epoch).WaitAsync(Patience, time);
        }
        catch (Exception exception) when (PassingFailure.Is(exception))
        {
            LogNotAsked(logger, exception, publisher);
            return false;
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "Client {ClientId} could not be asked whether it has a later connection than the one that published a retained message; it is stored.")]
    private static partial void LogNotAsked(ILogger logger, Exception exception, string clientId);
}
