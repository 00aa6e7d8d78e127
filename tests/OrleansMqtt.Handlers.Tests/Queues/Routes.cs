namespace OrleansMqtt.Handlers.Tests.Queues;

[TopicHandler("routed/{id}", BackOffMilliseconds = 1000)]
public abstract class RoutedHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("handled/{id}", Ack = AckMode.Handled, BackOffMilliseconds = 1000, TimeoutSeconds = 5)]
[TopicHandler("$dead-letter/{handler}", Ack = AckMode.Handled, Name = "Letters", Attempts = 1)]
public abstract class HandledHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}
