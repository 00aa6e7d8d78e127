using System.Globalization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Handlers.Tests.Grains;

/// <summary>Does what the payload says: a word, and behind it what the word needs.</summary>
[TopicHandler("guarded/{id}", Filter = true, MovesTo = "moved/{id}/{kind}", Attempts = 2, BackOffMilliseconds = 1)]
public sealed class GuardGrain : Grain, ITopicHandlerGrain
{
    public Task<FilterDecision> On(TopicContext context, string command)
    {
        var (word, rest) = command.Split(' ', 2) is [var first, var second] ? (first, second) : (command, "");
        return Task.FromResult(word switch
        {
            "deny" => FilterDecision.Deny((ReasonCode)byte.Parse(rest, NumberStyles.HexNumber, CultureInfo.InvariantCulture), "so it is"),
            "say" => context.Change(rest, userProperties: [new UserProperty("said", "1")]),
            "retain" => FilterDecision.Change(retain: true),
            "keep-not" => FilterDecision.Change(retain: false),
            "qos" => FilterDecision.Change(qos: (QualityOfService)int.Parse(rest, CultureInfo.InvariantCulture)),
            "move" => FilterDecision.Change(topic: $"moved/{context["id"]}/{rest}"),
            "abduct" => FilterDecision.Change(topic: $"moved/{context["id"]}x/{rest}"),
            "nothing" => null!,
            "fail" => throw new InvalidOperationException(rest),
            _ => FilterDecision.Allow,
        });
    }
}

/// <summary>The filter of what is moved: says that it has seen it.</summary>
[TopicHandler("moved/{id}/{kind}", Filter = true)]
public sealed class CustomsGrain : Grain, ITopicHandlerGrain
{
    public ValueTask<FilterDecision> On(TopicContext context, string payload) => ValueTask.FromResult(context.Change($"{payload}, seen"));
}

/// <summary>Says when it begins, and decides when it is let go.</summary>
[TopicHandler("held/{id}", Filter = true, TimeoutSeconds = 120)]
public sealed class HoldingGrain(ILocalSiloDetails silo) : Grain, ITopicHandlerGrain
{
    public async ValueTask<FilterDecision> On(TopicContext context)
    {
        var id = context["id"];
        Inbox.Put(id, silo.Name);
        await Gates.PassAsync(id);
        return FilterDecision.Allow;
    }
}

/// <summary>Two filters of one topic, of one grain, and a handler behind them.</summary>
public sealed class StampingGrain : Grain, ITopicHandlerGrain
{
    [TopicHandler("stamped/{id}", Filter = true, Order = 1)]
    public Task<FilterDecision> SecondAsync(TopicContext context, string payload) => Task.FromResult(context.Change(payload + " second"));

    [TopicHandler("stamped/{*id}", Filter = true)]
    public ValueTask<FilterDecision> FirstAsync(TopicContext context, string payload) => ValueTask.FromResult(context.Change(payload + " first"));

    [TopicHandler("stamped/{id}", Ack = AckMode.Handled)]
    public Task HandleAsync(TopicContext context, string payload)
    {
        Inbox.Put(context["id"], payload);
        return Task.CompletedTask;
    }
}

/// <summary>Denies every third number.</summary>
[TopicHandler("thirds/{id}", Filter = true)]
public sealed class ThirdsGrain : Grain, ITopicHandlerGrain
{
    public ValueTask<FilterDecision> On(TopicContext context, int number) => ValueTask.FromResult(number % 3 == 0 ? FilterDecision.Deny() : FilterDecision.Allow);
}

/// <summary>Never decides.</summary>
[TopicHandler("undecided/{id}", Filter = true, TimeoutSeconds = 0.1, Attempts = 1)]
public sealed class UndecidedGrain : Grain, ITopicHandlerGrain
{
    public Task<FilterDecision> On(TopicContext context) => new TaskCompletionSource<FilterDecision>().Task;
}

/// <summary>Publishes to its own topic, and would wait for itself if it waited.</summary>
[TopicHandler("echoes/{id}", Filter = true)]
public sealed class EchoGrain : Grain, ITopicHandlerGrain
{
    public async Task<FilterDecision> On(TopicContext context, int count)
    {
        if (count > 0) await context.PublishAsync(context.Topic, count - 1, QualityOfService.AtLeastOnce);
        return context.Change($"{count} of {context.Publisher ?? "nobody"}");
    }
}
