using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using OrleansMqtt.Broker;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Handlers;
using OrleansMqtt.Handlers.Payloads;
using OrleansMqtt.Routes;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>Which topic handlers a silo has.</summary>
public static class TopicHandlerExtensions
{
    /// <summary>
    /// Makes these classes the only topic handlers of the silo: messages that it routes go to no other ones, and grains of other ones live on other silos. Without it they are all grain classes of the
    /// process that are topic handlers.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="classes">Grain classes with a <see cref="TopicHandlerAttribute"/>.</param>
    public static ISiloBuilder UseTopicHandlers(this ISiloBuilder silo, params Type[] classes)
    {
        silo.Services.AddSingleton(new HandlerClasses(classes));
        return silo;
    }

    /// <summary>Adds what serves topic handlers.</summary>
    internal static void AddTopicHandlers(this IServiceCollection services)
    {
        services.AddMqttBroker();
        services.AddOptions<GrainTypeOptions>().PostConfigure<IServiceProvider>(static (options, provider) =>
        {
            if (provider.GetService<HandlerClasses>() is { } told) options.Classes.RemoveWhere(type => IsHandler(type) && !told.Classes.Contains(type));
        });
        services.AddSingleton(CreateTable);
        services.AddSingleton<HandlerMetrics>();
        services.AddSingleton<HandlerPublisher>();
        services.AddSingleton<IMessagePublisher>(static provider => provider.GetRequiredService<HandlerPublisher>());
        services.AddSingleton<HandlerQueues>();
        services.AddSingleton<IHandlerRuntime, HandlerRuntime>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, HandlerDrain>();
    }

    private static HandlerTable CreateTable(IServiceProvider services)
    {
        var codecs = services.GetRequiredService<PayloadCodecs>();
        return new HandlerTableBuilder(codecs, services.GetRequiredService<GrainTypeResolver>().GetGrainType)
            .Add(services.GetServices<MqttRoutes>().SelectMany(static routes => routes.TakePublishes()), new RouteBinder(services, codecs), services.GetService<IGatewayAccess>())
            .Build(services.GetService<HandlerClasses>()?.Classes ?? services.GetRequiredService<IOptions<GrainTypeOptions>>().Value.Classes.Where(IsHandler));
    }

    // A class that only forgot to be one is told so.
    private static bool IsHandler(Type type) =>
        typeof(ITopicHandlerGrain).IsAssignableFrom(type) || type.IsDefined(typeof(TopicHandlerAttribute), inherit: false)
        || type.GetMethods(BindingFlags.Instance | BindingFlags.Public).Any(static method => method.IsDefined(typeof(TopicHandlerAttribute), inherit: true));

    private sealed record HandlerClasses(IReadOnlyList<Type> Classes);
}
