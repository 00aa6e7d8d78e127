using Orleans;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>What is stored of a twin.</summary>
// Texts of JSON, whatever serializer the storage has.
[GenerateSerializer, Alias("DigitalTwin.TwinState")]
public sealed class TwinState
{
    /// <summary>Rises by one with each change.</summary>
    [Id(0)] public long Version { get; set; }

    /// <summary>What the device says that it is.</summary>
    [Id(1)] public string Reported { get; set; } = "{}";

    /// <summary>What it is to be.</summary>
    [Id(2)] public string Desired { get; set; } = "{}";

    /// <summary>Which messages have made it so.</summary>
    [Id(3)] public AppliedMessages Applied { get; set; } = new();
}
