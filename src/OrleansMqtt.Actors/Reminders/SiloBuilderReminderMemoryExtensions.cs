using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Actors.Hosting;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Reminders;

namespace Orleans.Hosting;

/// <summary>Reminders in the silo's memory.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>Adds reminders that are lost with the silo.</summary>
    /// <param name="builder">The silo.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        builder.Services.AddReminders(static _ => new StorageReminderTable(static () => new MemoryGrainStorage()));
        return builder;
    }
}
