using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.UpgradedHandlers;

/// <summary>What a meter has read.</summary>
[GenerateSerializer, Alias("OrleansMqtt.UpgradedHandlers.MeterState")]
public sealed class MeterState
{
    [Id(0)] public List<int> Readings { get; set; } = [];

    [Id(1)] public AppliedMessages Applied { get; set; } = new();
}

/// <summary>Keeps each reading once, and says which it has.</summary>
[TopicHandler("meters/{id}", Ack = AckMode.Handled)]
public sealed class MeterGrain([PersistentState("meter")] IPersistentState<MeterState> meter) : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, int reading)
    {
        if (!meter.State.Applied.TryAdd(context.MessageId)) return;
        meter.State.Readings.Add(reading);
        await meter.WriteStateAsync();
    }

    [TopicHandler("meters/{id}/list", Ack = AckMode.Handled)]
    public Task ListAsync(TopicContext context) => context.PublishAsync($"lists/{context["id"]}", $"version 1: {string.Join(' ', meter.State.Readings)}", QualityOfService.AtLeastOnce);
}

/// <summary>Is not there any more in the second version.</summary>
[TopicHandler("echoes/{id}", Ack = AckMode.Handled)]
public sealed class EchoGrain : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, string text) => context.PublishAsync($"lists/{context["id"]}", $"echo: {text}", QualityOfService.AtLeastOnce);
}
