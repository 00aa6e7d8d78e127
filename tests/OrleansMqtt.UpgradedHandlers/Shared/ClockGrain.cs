using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.UpgradedHandlers;

/// <summary>How often a clock has rung.</summary>
[GenerateSerializer, Alias("OrleansMqtt.UpgradedHandlers.ClockState")]
public sealed class ClockState
{
    [Id(0)] public int Rings { get; set; }
}

/// <summary>Is set by one message to so many seconds from now, and says by another whether it has rung; wherever it is by then. The same in both versions.</summary>
[TopicHandler("clocks/{id}", Ack = AckMode.Handled)]
public sealed class ClockGrain([PersistentState("clock")] IPersistentState<ClockState> clock) : Grain, ITopicHandlerGrain, IRemindable
{
    public Task On(TopicContext context, int seconds) => this.RegisterOrUpdateReminder("ring", TimeSpan.FromSeconds(seconds), TimeSpan.FromHours(1));

    [TopicHandler("clocks/{id}/list", Ack = AckMode.Handled)]
    public Task ListAsync(TopicContext context) => context.PublishAsync($"lists/{context["id"]}", $"{clock.State.Rings}", QualityOfService.AtLeastOnce);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        clock.State.Rings++;
        return clock.WriteStateAsync();
    }
}
