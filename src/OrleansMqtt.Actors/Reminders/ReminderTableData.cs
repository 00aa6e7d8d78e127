namespace Orleans;

/// <summary>Rows of an <see cref="IReminderTable"/>.</summary>
[GenerateSerializer]
public sealed class ReminderTableData
{
    /// <summary>Several.</summary>
    /// <param name="list">The rows.</param>
    public ReminderTableData(IEnumerable<ReminderEntry> list) => Reminders = [.. list];

    /// <summary>One.</summary>
    /// <param name="entry">The row.</param>
    public ReminderTableData(ReminderEntry entry) => Reminders = [entry];

    /// <summary>None.</summary>
    public ReminderTableData() => Reminders = [];

    /// <summary>The rows.</summary>
    [Id(0)]
    public IList<ReminderEntry> Reminders { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Reminders.Count} reminders: {string.Join(", ", Reminders)}";
}
