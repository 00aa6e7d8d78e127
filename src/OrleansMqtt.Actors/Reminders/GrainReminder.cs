using Orleans.Runtime;

namespace OrleansMqtt.Actors.Reminders;

internal sealed record GrainReminder(string ReminderName) : IGrainReminder;
