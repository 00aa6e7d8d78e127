using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Broker;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Samples.RateOfChangeAlarm;

/// <summary>
/// The alarm of a sensor that publishes numbers to <c>sensors/{id}/value</c>: <c>alarms/{id}/rate</c> is raised when they change too fast and cleared when they change much slower, so that it does not
/// flicker; <c>alarms/{id}/silence</c> is raised when none come.
/// </summary>
[TopicHandler("sensors/{id}/value", Ack = AckMode.Handled)]
public sealed class RateAlarmGrain([PersistentState("alarm")] IPersistentState<AlarmState> alarm, IMqttBroker broker, TimeProvider time) : Grain, ITopicHandlerGrain, IRemindable
{
    private const string Watchdog = "silence";
    private const double RaisedFrom = 5, ClearedBelow = 2;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(2), Silence = TimeSpan.FromMinutes(5), Closest = TimeSpan.FromSeconds(1);
    private IGrainTimer? _silence;
    private bool _isWatched;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // The timer of an activation before this one has gone with it.
        if (alarm.State.Samples is [.., var last] && !alarm.State.IsSilent) Watch(Silence - (time.GetUtcNow() - last.At));
        return Task.CompletedTask;
    }

    /// <summary>A value has come.</summary>
    public async Task On(TopicContext context, double value)
    {
        var (state, now) = (alarm.State, time.GetUtcNow());
        Add(state.Samples, new Sample(now, value));
        var rate = PerMinute(state.Samples);
        var isRaised = rate >= (state.IsRaised ? ClearedBelow : RaisedFrom);
        // Published before it is stored: told twice after a crash in between, rather than never.
        if (isRaised != state.IsRaised) await PublishAsync("rate", new Alarm(isRaised, now, rate));
        if (state.IsSilent) await PublishAsync("silence", new Alarm(false, now));
        (state.IsRaised, state.IsSilent) = (isRaised, false);
        await alarm.WriteStateAsync();
        Watch(Silence);
        // Should this silo be lost, another has the grain again when it is due.
        if (!_isWatched) await this.RegisterOrUpdateReminder(Watchdog, Silence, Silence);
        _isWatched = true;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (alarm.State.Samples is not [.., var last] || time.GetUtcNow() - last.At < Silence) return;
        await RaiseSilenceAsync();
        // The next value sets it again.
        if (await this.GetReminder(Watchdog) is { } reminder) await this.UnregisterReminder(reminder);
        _isWatched = false;
    }

    private void Watch(TimeSpan dueTime)
    {
        if (dueTime < TimeSpan.Zero) dueTime = TimeSpan.Zero;
        if (_silence is null) _silence = this.RegisterGrainTimer(RaiseSilenceAsync, new GrainTimerCreationOptions(dueTime, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        else _silence.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    private async Task RaiseSilenceAsync()
    {
        if (alarm.State.IsSilent) return;
        await PublishAsync("silence", new Alarm(true, time.GetUtcNow()));
        alarm.State.IsSilent = true;
        await alarm.WriteStateAsync();
    }

    private Task PublishAsync(string kind, Alarm what) => broker.PublishAsync($"alarms/{this.GetPrimaryKeyString()}/{kind}", what, QualityOfService.AtLeastOnce, retain: true);

    private static void Add(List<Sample> samples, Sample sample)
    {
        samples.RemoveAll(old => sample.At - old.At > Window);
        // Of a sensor that sends very often not every value is kept.
        if (samples.Count > 1 && sample.At - samples[^2].At < Closest) samples[^1] = sample;
        else samples.Add(sample);
    }

    private static double PerMinute(List<Sample> samples)
    {
        var (first, last) = (samples[0], samples[^1]);
        return last.At - first.At < Closest ? 0 : Math.Abs(last.Value - first.Value) / (last.At - first.At).TotalMinutes;
    }
}
