using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>The twin of a device, for other grains and for HTTP. Key: <see cref="TopicKey"/> of the device.</summary>
[Alias("DigitalTwin.ITwinGrain")]
public interface ITwinGrain : IGrainWithStringKey
{
    /// <summary>The twin as JSON (<see cref="TwinDocument"/>); null if there is none.</summary>
    [Alias("Read")]
    Task<string?> ReadAsync();
}
