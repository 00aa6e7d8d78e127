namespace OrleansMqtt.Handlers.Tests.Grains;

/// <summary>Says on what kind of thread it runs.</summary>
[TopicHandler("threads/{id}")]
public sealed class ThreadGrain : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context)
    {
        Inbox.Put(context["id"], Thread.CurrentThread.IsThreadPoolThread ? "pool" : "own");
        return Task.CompletedTask;
    }
}
