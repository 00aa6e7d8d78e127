namespace OrleansMqtt.Handlers.Tests.Grains;

/// <summary>Of the test of metrics alone.</summary>
[TopicHandler("counted/{id}", Ack = AckMode.Handled)]
public sealed class CountedGrain : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}
