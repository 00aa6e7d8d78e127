using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace Thermostats;

// What a device sends, as JSON: {"celsius":20.5}
public sealed record Telemetry(double Celsius);

// What is stored of a device.
[GenerateSerializer, Alias("Thermostats.ThermostatState")]
public sealed class ThermostatState
{
    [Id(0)] public double? Highest { get; set; }
}

// Every device has a grain of its own, in one of the silos, from its first message on.
[TopicHandler("devices/{id}/telemetry", Ack = AckMode.Handled)]
public sealed class ThermostatGrain([PersistentState("thermostat")] IPersistentState<ThermostatState> thermostat) : Grain, ITopicHandlerGrain
{
    public async Task On(TopicContext context, Telemetry reading)
    {
        if (reading.Celsius <= thermostat.State.Highest) return;
        await context.PublishAsync($"devices/{context["id"]}/highest", reading.Celsius, QualityOfService.AtLeastOnce, retain: true);
        thermostat.State.Highest = reading.Celsius;
        await thermostat.WriteStateAsync();
    }
}
