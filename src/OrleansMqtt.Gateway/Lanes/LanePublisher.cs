using OrleansMqtt.Broker;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>Publishes for the broker itself through the lane that it has, as for a client.</summary>
internal sealed class LanePublisher(LaneRouter router) : IMessagePublisher
{
    /// <inheritdoc/>
    public async Task PublishAsync(Message message)
    {
        var lane = router.LaneOf(null);
        if (!lane.HasRoom && !await lane.WaitForRoomAsync()) throw new IOException("No silo can be reached.");
        if (Route(lane, message) is not { } pending) return;
        await pending.WaitAsync();
        if (pending.Failure is { } failure) throw new IOException($"A receiver of {message.TopicName} could not take the message.", failure);
    }

    private static PendingPublish? Route(Lane lane, Message message)
    {
        using var batch = DeliveryBatch.Begin();
        var publish = new PublishView(message);
        return lane.Route(ref publish).Pending;
    }
}
