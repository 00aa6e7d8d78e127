using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>One reminder. A tick does not wait for the one before; how many can wait at the grain is bounded by the response time-out
/// divided by the period, in practice one.</summary>
internal sealed partial class Reminder : IGrainReminder, IDisposable
{
    private readonly IRemindable _grain;
    private readonly TimeSpan _dueTime;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DateTime _first;
    private readonly ITimer _timer;

    public Reminder(IRemindable grain, string name, TimeSpan dueTime, TimeSpan period, TimeProvider time, ILogger logger)
    {
        _grain = grain;
        ReminderName = name;
        _dueTime = dueTime;
        _period = period;
        _time = time;
        _logger = logger;
        _first = time.GetUtcNow().UtcDateTime + dueTime;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(
                static reminder => _ = ((Reminder)reminder!).TickAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public string ReminderName { get; }

    public void Start() => _timer.Change(_dueTime, _period);

    public void Dispose() => _timer.Dispose();

    private async Task TickAsync()
    {
        try
        {
            await _grain.ReceiveReminder(ReminderName, new TickStatus(_first, _period, _time.GetUtcNow().UtcDateTime));
        }
        catch (Exception exception)
        {
            TickFailed(_logger, ReminderName, _grain, exception);
        }
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The reminder {Name} of {Grain} failed.")]
    private static partial void TickFailed(ILogger logger, string name, object grain, Exception exception);
}
