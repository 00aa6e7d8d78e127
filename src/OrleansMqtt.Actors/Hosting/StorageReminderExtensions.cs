using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansMqtt.Actors.Reminders;

namespace OrleansMqtt.Actors.Hosting;

/// <summary>Reminders that are kept with the states of grains.</summary>
public static class StorageReminderExtensions
{
    /// <summary>Keeps reminders in a grain storage that all silos share: they outlive the silo, and those of a silo that is lost tick on others. Without effect where reminders have been added before.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="storage">The storage's name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseStorageReminderService(this ISiloBuilder builder, string storage = "Default")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddReminders(provider => new StorageReminderTable(() => provider.GetRequiredKeyedService<IGrainStorage>(storage)));
        return builder;
    }

    /// <summary>Adds reminders over a table, unless there are some; the table of the services, if there is one, comes before it.</summary>
    internal static void AddReminders(this IServiceCollection services, Func<IServiceProvider, IReminderTable> table)
    {
        services.TryAddSingleton(table);
        services.TryAddSingleton<ReminderHomes>();
        if (services.Any(static service => service.ServiceType == typeof(ReminderService))) return;
        services.AddSingleton<ReminderService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<ReminderService>());
    }
}
