namespace OrleansMqtt.Routing;

/// <summary>Knows which <see cref="PublishStream"/> a message belongs to. Asked only for what a receiver may fail to take.</summary>
internal interface IPublishStreams
{
    /// <summary>The stream of what <paramref name="publisher"/> publishes now.</summary>
    PublishStream StreamOf(string publisher);
}
