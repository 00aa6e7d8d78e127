using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>The reminders of a silo's grains.</summary>
internal sealed class ReminderService(
    IGrainFactory grains, TimeProvider time, IOptions<ReminderOptions> options, ILogger<ReminderService> logger) : IDisposable
{
    private readonly ConcurrentDictionary<(GrainId, string), Reminder> _reminders = new();

    public Reminder Register(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "A reminder cannot be due in the past.");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException($"The period {period} is shorter than {options.Value.MinimumReminderPeriod}.", nameof(period));
        }

        var reminder = new Reminder(grains.GetGrain<IRemindable>(grainId), name, dueTime, period, time, logger);
        _reminders.AddOrUpdate((grainId, name), reminder, (_, former) =>
        {
            former.Dispose();
            return reminder;
        });
        reminder.Start();
        return reminder;
    }

    public void Unregister(GrainId grainId, string name)
    {
        if (!_reminders.TryRemove((grainId, name), out var reminder))
        {
            throw new ReminderException($"{grainId} has no reminder {name}.");
        }

        reminder.Dispose();
    }

    public Reminder? Find(GrainId grainId, string name) => _reminders.GetValueOrDefault((grainId, name));

    public void Dispose()
    {
        foreach (var reminder in _reminders.Values)
        {
            reminder.Dispose();
        }
    }
}
