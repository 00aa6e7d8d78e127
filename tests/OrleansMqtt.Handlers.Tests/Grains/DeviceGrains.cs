using System.Globalization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Handlers.Tests.Grains;

public sealed record Telemetry(double Celsius);

/// <summary>As little as a user has to write.</summary>
[TopicHandler("devices/{id}/telemetry")]
public sealed class ThermostatGrain : Grain, ITopicHandlerGrain
{
    private int _count;

    public Task On(TopicContext context, Telemetry reading)
    {
        Inbox.Put(this.GetPrimaryKeyString(), string.Create(CultureInfo.InvariantCulture, $"{++_count}: {reading.Celsius} of {context["id"]} by {context.Publisher}, {context.QoS}"));
        return Task.CompletedTask;
    }
}

/// <summary>Several topics of one device; answers, publishes, reads.</summary>
public sealed class TwinGrain : Grain, ITopicHandlerGrain
{
    [TopicHandler("twins/{site}/{id}/set", Ack = AckMode.Handled)]
    public async Task SetAsync(TopicContext context, int value) => await context.PublishAsync($"twins/{context["site"]}/{context["id"]}/state", value, QualityOfService.AtLeastOnce, retain: true);

    [TopicHandler("twins/{site}/{id}/get", Ack = AckMode.Handled)]
    public async ValueTask GetAsync(TopicContext context)
    {
        var state = await context.ReadRetainedAsync($"twins/{context["site"]}/{context["id"]}/state");
        await context.ReplyAsync(state is null ? "none" : $"{System.Text.Encoding.UTF8.GetString(state.Payload)} of {this.GetPrimaryKeyString()}");
    }
}

/// <summary>Says when it begins, and returns when it is let go.</summary>
[TopicHandler("gates/{id}", Ack = AckMode.Handled, TimeoutSeconds = 120)]
public sealed class GateGrain : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, string gate)
    {
        Inbox.Put(context["id"], gate);
        await Gates.PassAsync(gate);
    }
}

/// <summary>Fails as often as the payload says.</summary>
[TopicHandler("failing/{id}", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
public sealed class FailingGrain : Grain, ITopicHandlerGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task On(TopicContext context, int failures)
    {
        Inbox.Put(context["id"], _activation.ToString());
        return context.Attempt <= failures ? throw new InvalidOperationException($"attempt {context.Attempt}\nof many") : Task.CompletedTask;
    }
}

/// <summary>Never returns for a payload that is true.</summary>
[TopicHandler("slow/{id}", Ack = AckMode.Handled, TimeoutSeconds = 0.1, Attempts = 1, TrueWords = "slow", FalseWords = "quick")]
public sealed class SlowGrain : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, bool isSlow)
    {
        Inbox.Put(context["id"], $"{isSlow}");
        if (!isSlow) return;
        var cancelled = new TaskCompletionSource();
        await using var registration = context.Cancellation.Register(cancelled.SetResult);
        await cancelled.Task;
        Inbox.Put(context["id"], "cancelled");
        await new TaskCompletionSource().Task;
    }
}

/// <summary>Publishes to its own topic, and would wait for itself if it waited.</summary>
[TopicHandler("loop/{id}", Ack = AckMode.Handled)]
public sealed class LoopGrain : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, int count)
    {
        Inbox.Put(context["id"], $"{count}");
        if (count > 0) await context.PublishAsync(context.Topic, count - 1, QualityOfService.AtLeastOnce);
    }
}
