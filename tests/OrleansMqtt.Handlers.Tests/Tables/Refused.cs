using System.Buffers;

namespace OrleansMqtt.Handlers.Tests.Tables;

// Abstract, so that no silo of these tests takes them for grains of its own.

[TopicHandler("a/{id}")]
public abstract class PlainHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("a/{other}")]
public abstract class SameTopicsHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("b/{id}", Name = nameof(PlainHandler))]
public abstract class SameNameHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("a/{site}/{id}", Key = "{id}")]
[TopicHandler("a/{site}/{id}", Key = "{site}", Name = "BySite")]
public abstract class TwoKeysHandler : Grain, ITopicHandlerGrain
{
    public ValueTask On(TopicContext context, int value) => default;
}

[TopicHandler("x/{id", Attempts = 0, TimeoutSeconds = 0, BackOffMilliseconds = -1, Name = "a/b", Ack = (AckMode)7)]
public abstract class ManyMistakesHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("x/{id}", Key = "{it}")]
public abstract class UnknownKeyHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

[TopicHandler("x/{id}")]
public abstract class NoMethodHandler : Grain, ITopicHandlerGrain;

[TopicHandler("x/{id}")]
public abstract class TwoMethodsHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;

    public Task On(TopicContext context, int value) => Task.CompletedTask;
}

[TopicHandler("x/{id}")]
public abstract class VoidHandler : Grain, ITopicHandlerGrain
{
    public void On(TopicContext context)
    {
        // Not a task.
    }
}

[TopicHandler("x/{id}")]
public abstract class StreamHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, Stream payload) => Task.CompletedTask;
}

[TopicHandler("x/{id}")]
public abstract class SpanHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, ReadOnlySpan<byte> payload) => Task.CompletedTask;
}

[TopicHandler("x/{id}", Codec = typeof(ArrayBufferWriter<byte>))]
public abstract class WrongCodecHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, int payload) => Task.CompletedTask;
}

[TopicHandler("x/{id}", TrueWords = "on", FalseWords = "on")]
public abstract class SameWordsHandler : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, bool payload) => Task.CompletedTask;
}

[TopicHandler("x/{id}")]
public abstract class NoGrainHandler
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

public abstract class NoAttributeHandler : Grain, ITopicHandlerGrain;

[TopicHandler("x/{id}")]
public abstract class GenericHandler<T> : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context) => Task.CompletedTask;
}

public abstract class PrivateMethodHandler : Grain, ITopicHandlerGrain
{
    [TopicHandler("x/{id}")]
    private protected Task Handle(TopicContext context) => Task.CompletedTask;
}

public abstract class MethodsHandler : Grain, ITopicHandlerGrain
{
    [TopicHandler("m/{id}/one")]
    public Task One(TopicContext context) => Task.CompletedTask;

    [TopicHandler("m/{id}/two")]
    public Task Two(TopicContext context, string text) => Task.CompletedTask;
}
