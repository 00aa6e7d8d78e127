using System.Globalization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.UpgradedHandlers;

/// <summary>What a meter has read, and what it makes of it.</summary>
[GenerateSerializer, Alias("OrleansMqtt.UpgradedHandlers.MeterState")]
public sealed class MeterState
{
    [Id(0)] public List<int> Readings { get; set; } = [];

    [Id(1)] public AppliedMessages Applied { get; set; } = new();

    [Id(2)] public int Highest { get; set; }
}

/// <summary>Reads fractions too, which the first version could not; and takes readings by another topic besides.</summary>
[TopicHandler("meters/{id}", Ack = AckMode.Handled)]
[TopicHandler("sites/{site}/meters/{id}", Key = "{id}", Name = "MeterGrain.OfSite", Ack = AckMode.Handled)]
public sealed class MeterGrain([PersistentState("meter")] IPersistentState<MeterState> meter) : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, double reading)
    {
        if (!meter.State.Applied.TryAdd(context.MessageId)) return;
        meter.State.Readings.Add((int)Math.Round(reading));
        meter.State.Highest = meter.State.Readings.Max();
        await meter.WriteStateAsync();
    }

    [TopicHandler("meters/{id}/list", Ack = AckMode.Handled)]
    public Task ListAsync(TopicContext context) => context.PublishAsync(
        $"lists/{context["id"]}", string.Create(CultureInfo.InvariantCulture, $"version 2, at most {meter.State.Highest}: {string.Join(' ', meter.State.Readings)}"), QualityOfService.AtLeastOnce);
}

/// <summary>Was not there in the first version.</summary>
[TopicHandler("alarms/{id}", Ack = AckMode.Handled)]
public sealed class AlarmGrain : Grain, ITopicHandlerGrain
{
    public Task On(TopicContext context, string text) => context.PublishAsync($"lists/{context["id"]}", $"alarm: {text}", QualityOfService.AtLeastOnce);
}
