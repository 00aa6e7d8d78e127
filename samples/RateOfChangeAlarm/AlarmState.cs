using Orleans;

namespace OrleansMqtt.Samples.RateOfChangeAlarm;

/// <summary>What is stored of a sensor.</summary>
[GenerateSerializer, Alias("RateOfChangeAlarm.AlarmState")]
public sealed class AlarmState
{
    /// <summary>The values of the last minutes, in order.</summary>
    [Id(0)] public List<Sample> Samples { get; set; } = [];

    /// <summary>Whether they change too fast.</summary>
    [Id(1)] public bool IsRaised { get; set; }

    /// <summary>Whether none has come for long.</summary>
    [Id(2)] public bool IsSilent { get; set; }
}

/// <summary>A value.</summary>
/// <param name="At">When it came.</param>
/// <param name="Value">The value.</param>
[GenerateSerializer, Immutable, Alias("RateOfChangeAlarm.Sample")]
public readonly record struct Sample([property: Id(0)] DateTimeOffset At, [property: Id(1)] double Value);
