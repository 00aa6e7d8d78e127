using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrleansMqtt.Events;

/// <summary>Who is told what happens in the broker.</summary>
public static class BrokerEventExtensions
{
    /// <summary>Adds an observer to a gateway, a silo or a process with both.</summary>
    /// <typeparam name="T">Made once, when the process starts, with the services that its constructor asks for, unless it is among the services itself.</typeparam>
    /// <param name="services">Services of the process.</param>
    public static IServiceCollection AddBrokerObserver<T>(this IServiceCollection services) where T : class, IBrokerObserver
    {
        services.TryAddSingleton<T>();
        return services.AddSingleton(new ObserverClass(typeof(T)));
    }

    /// <summary>Says what becomes of events. The last call holds.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="options">What becomes of them.</param>
    public static IServiceCollection AddBrokerEvents(this IServiceCollection services, EventOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxWaiting, 1);
        return services.AddSingleton(options);
    }

    /// <summary>A class of observers. They are made when all services are there, so that they may ask for the broker's own.</summary>
    internal sealed record ObserverClass(Type Type);
}
