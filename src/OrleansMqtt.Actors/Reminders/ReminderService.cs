using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Timers;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>
/// The reminders of the grains that are placed on this silo. It reads those of others that come to it when silos come or go. After each tick the row says when the next one is due; so a tick that came
/// when nobody served the grain is known, and comes late, once. One that the grain had just before its silo was lost comes again.
/// </summary>
internal sealed partial class ReminderService(IGrainFactory grains, IReminderTable table, ReminderHomes homes, TimeProvider time, IOptions<ReminderOptions> options, ILogger<ReminderService> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    // After a failure of the table, or when the grain could not be called.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private const int MaximumTries = 10;

    private readonly ConcurrentDictionary<(GrainId, string), Reminder> _reminders = new();
    // And the number of the latest reading that may still have seen them.
    private readonly ConcurrentDictionary<(GrainId, string), long> _unregistered = new();
    private readonly CancellationTokenSource _stop = new();
    private long _loads;
    private Task _loading = Task.CompletedTask;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        // Where no grain has reminders nothing is read.
        if (homes.HasReminders) observer.Subscribe(nameof(ReminderService), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    public async Task<IGrainReminder> RegisterAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "A reminder cannot be due in the past.");
        }

        if (period < options.Value.MinimumReminderPeriod)
        {
            throw new ArgumentException($"The period {period} is shorter than {options.Value.MinimumReminderPeriod}.", nameof(period));
        }

        var entry = new ReminderEntry { GrainId = grainId, ReminderName = name, StartAt = Now + dueTime, Period = period };
        entry.ETag = await table.UpsertRow(entry);
        _unregistered.TryRemove((grainId, name), out _);
        Serve(entry, Volatile.Read(ref _loads));
        return new GrainReminder(name);
    }

    public async Task UnregisterAsync(GrainId grainId, string name)
    {
        for (var tries = 1; await table.ReadRow(grainId, name) is { ETag: { } etag }; tries++)
        {
            if (await table.RemoveRow(grainId, name, etag))
            {
                _unregistered[(grainId, name)] = Volatile.Read(ref _loads);
                if (_reminders.TryRemove((grainId, name), out var reminder)) reminder.Dispose();
                return;
            }

            // It has just ticked.
            if (tries == MaximumTries) break;
        }

        throw new ReminderException($"{grainId} has no reminder {name}.");
    }

    public async Task<IGrainReminder?> FindAsync(GrainId grainId, string name) => await table.ReadRow(grainId, name) is null ? null : new GrainReminder(name);

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var key in _reminders.Keys)
        {
            if (_reminders.TryRemove(key, out var reminder)) reminder.Dispose();
        }
    }

    private DateTime Now => homes.Time.GetUtcNow().UtcDateTime;

    private async Task StartAsync(CancellationToken token)
    {
        await table.StartAsync(token);
        _loading = Task.Run(LoadAgainAndAgainAsync, token);
    }

    private async Task StopAsync(CancellationToken token)
    {
        Dispose();
        await _loading.WaitAsync(token);
        await table.StopAsync(token);
    }

    private async Task LoadAgainAndAgainAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var changed = homes.Changed;
            var pause = options.Value.RefreshReminderListPeriod;
            try
            {
                // Who had the grains before writes nothing more of them.
                await homes.Settled.WaitAsync(_stop.Token).ConfigureAwait(false);
                await LoadAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A table may fail with anything; it is read again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogNotRead(logger, exception);
                pause = RetryPause;
            }

            await Task.WhenAny(changed, Task.Delay(pause, time, _stop.Token)).ConfigureAwait(false);
        }
    }

    private async Task LoadAsync()
    {
        var load = Interlocked.Increment(ref _loads);
        var rows = (await table.ReadRows(0, 0).ConfigureAwait(false)).Reminders.ToDictionary(static row => (row.GrainId, row.ReminderName));
        foreach (var ((grain, name), reminder) in _reminders)
        {
            // What was written since this reading began it need not have seen.
            var isKnown = reminder.IsTicking || reminder.Load >= load || (rows.TryGetValue((grain, name), out var row) && row.ETag == reminder.Entry.ETag);
            if (!homes.IsHome(grain) || !isKnown) End(reminder);
        }

        foreach (var (key, row) in rows)
        {
            if (!_reminders.ContainsKey(key) && !(_unregistered.TryGetValue(key, out var latest) && latest >= load)) Serve(row, load);
        }

        foreach (var pair in _unregistered)
        {
            if (pair.Value < load) _unregistered.TryRemove(pair);
        }
    }

    private void Serve(ReminderEntry entry, long load)
    {
        if (!homes.IsHome(entry.GrainId) || _stop.IsCancellationRequested) return;
        var reminder = new Reminder(entry, load, homes.Time, due => _ = homes.Time is ITickObserver observer ? ObserveAsync(due, observer) : OnDueAsync(due));
        _reminders.AddOrUpdate((entry.GrainId, entry.ReminderName), reminder, (_, former) =>
        {
            former.Dispose();
            return reminder;
        });
        Arm(reminder);
    }

    private async Task ObserveAsync(Reminder reminder, ITickObserver observer)
    {
        observer.TickBegan();
        try
        {
            await OnDueAsync(reminder).WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The silo has gone, and the tick with it.
        }
        finally
        {
            observer.TickEnded();
        }
    }

    private async Task OnDueAsync(Reminder reminder)
    {
        if (reminder.IsOver) return;
        if (!homes.IsHome(reminder.Entry.GrainId))
        {
            End(reminder);
            return;
        }

        if (!reminder.TryBegin()) return;
        var (isDue, isTold) = (reminder.Entry.StartAt <= Now, false);
        if (isDue && await TellAsync(reminder).ConfigureAwait(false))
        {
            isTold = true;
            reminder.Advance(Now);
            await NoteAsync(reminder).ConfigureAwait(false);
            reminder.Load = Volatile.Read(ref _loads);
        }

        reminder.End();
        // Not by the grains' own clock, if they have one: it may stand.
        if (isDue && !isTold) await Task.Delay(RetryPause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!reminder.IsOver) Arm(reminder);
    }

    private void Arm(Reminder reminder)
    {
        var wait = reminder.Entry.StartAt - Now;
        if (wait > TimeSpan.Zero) reminder.Wait(wait);
        // Also when the time has come meanwhile.
        if (reminder.Entry.StartAt <= Now) _ = Task.Run(() => OnDueAsync(reminder));
    }

    // False: the grain has certainly not had it.
    private async Task<bool> TellAsync(Reminder reminder)
    {
        var entry = reminder.Entry;
        try
        {
            await grains.GetGrain<IRemindable>(entry.GrainId).ReceiveReminder(entry.ReminderName, new TickStatus(reminder.FirstTick, entry.Period, Now)).ConfigureAwait(false);
            return true;
        }
        catch (SiloUnavailableException exception)
        {
            LogFailed(logger, exception, entry.ReminderName, entry.GrainId);
            return false;
        }
#pragma warning disable CA1031 // Whatever the grain throws: the reminder goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, entry.ReminderName, entry.GrainId);
            return true;
        }
    }

    private async Task NoteAsync(Reminder reminder)
    {
        if (reminder.IsOver) return;
        var entry = reminder.Entry;
        try
        {
            if (await table.UpsertRow(entry).ConfigureAwait(false) is { } etag)
            {
                entry.ETag = etag;
                return;
            }

            // It has been unregistered, or another silo had the grain meanwhile.
            var other = await table.ReadRow(entry.GrainId, entry.ReminderName).ConfigureAwait(false);
            End(reminder);
            if (other is not null) Serve(other, Volatile.Read(ref _loads));
        }
#pragma warning disable CA1031 // A table may fail with anything. If this silo is lost before the next tick, this one comes again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotNoted(logger, exception, entry.ReminderName, entry.GrainId);
        }
    }

    private void End(Reminder reminder)
    {
        _reminders.TryRemove(new((reminder.Entry.GrainId, reminder.Entry.ReminderName), reminder));
        reminder.Dispose();
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The reminder {Name} of {Grain} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string name, GrainId grain);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Warning, Message = "The reminders could not be read; they are read again.")]
    private static partial void LogNotRead(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "The tick of the reminder {Name} of {Grain} could not be noted; should the silo be lost now, it comes again.")]
    private static partial void LogNotNoted(ILogger logger, Exception exception, string name, GrainId grain);
}
