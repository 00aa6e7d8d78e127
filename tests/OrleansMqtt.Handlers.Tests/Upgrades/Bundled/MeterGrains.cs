using System.Collections.Immutable;

namespace OrleansMqtt.Handlers.Tests.Upgrades;

/// <summary>What a meter has been told, whatever version of its class it is.</summary>
internal interface IMeterGrain : IGrainWithStringKey
{
    Task<ImmutableArray<string>> ReadAsync();
}

/// <summary>The first version's state.</summary>
public class FirstState
{
    public List<string> Readings { get; set; } = [];

    public AppliedMessages Applied { get; set; } = new();
}

/// <summary>The second version's, which has something more.</summary>
public sealed class SecondState : FirstState
{
    public string Unit { get; set; } = "kWh";
}

/// <summary>The second version's payload: what the first one sends can be read as this.</summary>
public sealed record Reading(int Value, string? Unit);

/// <summary>The first version of a handler: <c>{"value":1}</c>, and who has handled it.</summary>
/// <typeparam name="TVersion">Any: an open class is no grain class, so that no silo has this one but by its configuration. The second version has the same grain type and the same handler.</typeparam>
[GrainType("meter")]
[TopicHandler("meters/{id}", Name = "Meter", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
public sealed class FirstMeterGrain<TVersion>([PersistentState("meter")] IPersistentState<FirstState> meter) : Grain, ITopicHandlerGrain, IMeterGrain
{
    public async Task On(TopicContext context, Dictionary<string, int> reading)
    {
        if (!meter.State.Applied.TryAdd(context.MessageId)) return;
        meter.State.Readings.Add($"{reading["value"]}");
        await meter.WriteStateAsync();
    }

    Task<ImmutableArray<string>> IMeterGrain.ReadAsync() => Task.FromResult<ImmutableArray<string>>([.. meter.State.Readings]);
}

/// <summary>The second version: another payload, another state, and one topic more.</summary>
/// <typeparam name="TVersion">As of the first one.</typeparam>
[GrainType("meter")]
public sealed class SecondMeterGrain<TVersion>([PersistentState("meter")] IPersistentState<SecondState> meter) : Grain, ITopicHandlerGrain, IMeterGrain
{
    [TopicHandler("meters/{id}", Name = "Meter", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
    [TopicHandler("meters/{id}/{unit}", Key = "{id}", Name = "Meter.Unit", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
    public async Task ReadingAsync(TopicContext context, Reading reading)
    {
        if (!meter.State.Applied.TryAdd(context.MessageId)) return;
        meter.State.Readings.Add(context.Topic.EndsWith(meter.State.Unit, StringComparison.Ordinal) ? $"{reading.Value} {meter.State.Unit}" : $"{reading.Value}");
        await meter.WriteStateAsync();
    }

    Task<ImmutableArray<string>> IMeterGrain.ReadAsync() => Task.FromResult<ImmutableArray<string>>([.. meter.State.Readings]);
}

/// <summary>A handler that only some silos have.</summary>
[TopicHandler("alarms/{id}", Ack = AckMode.Handled, BackOffMilliseconds = 1)]
public sealed class AlarmGrain([PersistentState("alarm")] IPersistentState<FirstState> alarm) : Grain, ITopicHandlerGrain, IMeterGrain
{
    public async Task On(TopicContext context, Reading reading)
    {
        if (!alarm.State.Applied.TryAdd(context.MessageId)) return;
        alarm.State.Readings.Add($"{reading.Value}");
        await alarm.WriteStateAsync();
    }

    Task<ImmutableArray<string>> IMeterGrain.ReadAsync() => Task.FromResult<ImmutableArray<string>>([.. alarm.State.Readings]);
}
