namespace OrleansMqtt.Handlers.Tests.Filters;

// Abstract, so that no silo of these tests takes them for grains of its own.

public abstract class DecidingGrain : Grain, ITopicHandlerGrain
{
    public Task<FilterDecision> On(TopicContext context) => Task.FromResult(FilterDecision.Allow);
}

[TopicHandler("f/{id}", Filter = true, Order = 2)]
public abstract class LateFilter : DecidingGrain;

[TopicHandler("f/{id}", Filter = true, Order = -1)]
public abstract class EarlyFilter : DecidingGrain;

[TopicHandler("{*all}", Filter = true)]
public abstract class BroadFilter : DecidingGrain;

[TopicHandler("f/7", Filter = true)]
public abstract class NarrowFilter : DecidingGrain;

[TopicHandler("f/{other}", Filter = true, Order = 2)]
public abstract class SameFilter : DecidingGrain;

[TopicHandler("f/{id}", Ack = AckMode.Handled)]
public abstract class BehindHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("f/{id}", Filter = true)]
public abstract class UndecidedFilter : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("f/{id}")]
public abstract class UnmarkedFilter : Grain, ITopicHandlerGrain
{
    public ValueTask<FilterDecision> On(TopicContext context) => ValueTask.FromResult(FilterDecision.Allow);
}

[TopicHandler("f/{id}", Order = 1)]
public abstract class OrderedHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("f/{id}", Filter = true, MovesTo = "g/{id")]
public abstract class MisleadingFilter : DecidingGrain;

[TopicHandler("self/{id}", Filter = true, MovesTo = "{any}/{id}")]
public abstract class SelfishFilter : DecidingGrain;

[TopicHandler("one/{id}", Filter = true, MovesTo = "two/{id}")]
public abstract class OneFilter : DecidingGrain;

[TopicHandler("two/{*rest}", Filter = true, MovesTo = "three/{kind}/{id}")]
public abstract class TwoFilter : DecidingGrain;

[TopicHandler("three/{kind}/{id}", Filter = true, MovesTo = "one/{id}")]
public abstract class ThreeFilter : DecidingGrain;

[TopicHandler("three/{kind}", Filter = true, MovesTo = "one/{id}")]
public abstract class ShortFilter : DecidingGrain;
