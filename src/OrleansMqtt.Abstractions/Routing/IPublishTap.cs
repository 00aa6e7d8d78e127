using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>
/// Is given what is published on some topics, by the silo that routes it, beside the receivers: it counts as none of them, and no publisher waits for it. What <see cref="IPublishInlet"/> brings it is
/// not given. A silo has one at most.
/// </summary>
internal interface IPublishTap
{
    /// <summary>Whether it wants messages of a topic. The answer is remembered, so it must always be the same.</summary>
    bool Wants(ReadOnlySpan<byte> topic);

    /// <summary>Takes a message, on the thread that routes it: must neither wait nor throw. Those of one publisher come in its order.</summary>
    void Take(ref PublishView publish);
}
