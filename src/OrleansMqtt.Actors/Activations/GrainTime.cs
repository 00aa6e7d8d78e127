namespace OrleansMqtt.Actors.Activations;

/// <summary>A clock of some grains' own, where their silo has such a service: of their timers and of all reminders, and the <see cref="TimeProvider"/> that they ask for.</summary>
/// <param name="Time">The clock.</param>
/// <param name="IsFor">Which grain classes go by it.</param>
internal sealed record GrainTime(TimeProvider Time, Func<Type, bool> IsFor);
