using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Membership;

namespace OrleansMqtt.Actors.Reminders;

/// <summary>Which grains' reminders a silo serves: those of the grains that are placed on it. A silo that runs alone serves all.</summary>
internal sealed class ReminderHomes(IServiceProvider services, SiloClasses classes)
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly IFencedMembership? _membership = services.GetService<IMembershipTable>() is null ? null : services.GetRequiredService<IFencedMembership>();

    /// <summary>By which reminders are due.</summary>
    public TimeProvider Time { get; } = services.GetService<GrainTime>()?.Time ?? services.GetRequiredService<TimeProvider>();

    /// <summary>Whether a class of this silo has reminders at all.</summary>
    public bool HasReminders { get; } = classes.Hosted.All.Any(static grainClass => typeof(IRemindable).IsAssignableFrom(grainClass.Type));

    /// <summary>Completes when grains may move.</summary>
    public Task Changed => _membership?.Changed ?? Never;

    /// <summary>Completes when they have.</summary>
    public Task Settled => _membership?.Settled ?? Task.CompletedTask;

    // Also one whose class this silo does not have may be placed here, when nobody has it.
    public bool IsHome(GrainId grain) => classes.Hosted.Find(grain.Type) is not null && _membership?.IsHome(grain) is not false;
}
