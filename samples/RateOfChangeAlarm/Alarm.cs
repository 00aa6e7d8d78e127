namespace OrleansMqtt.Samples.RateOfChangeAlarm;

/// <summary>What is published, and retained, when an alarm is raised or cleared.</summary>
/// <param name="Raised">Whether it is raised.</param>
/// <param name="At">Since when.</param>
/// <param name="PerMinute">How fast the values change then; null where there are none.</param>
public sealed record Alarm(bool Raised, DateTimeOffset At, double? PerMinute = null);
