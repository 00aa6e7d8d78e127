using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that has reminders.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>A reminder is due. A failure is logged; the reminder goes on.</summary>
        /// <param name="reminderName">Which.</param>
        /// <param name="status">When it ticks.</param>
        /// <returns>A task that completes when the tick is handled.</returns>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A registered reminder.</summary>
    public interface IGrainReminder
    {
        /// <summary>Its name, one of those that the grain has.</summary>
        string ReminderName { get; }
    }
}
