using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Networking.Transports;

namespace OrleansMqtt.Actors.Hosting;

/// <summary>What silos and clients are both made of.</summary>
internal static class RuntimeServices
{
    /// <typeparam name="TMessaging">Says how calls are made.</typeparam>
    public static void Add<TMessaging>(IServiceCollection services)
        where TMessaging : MessagingOptions
    {
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnDispatcher, ThreadPoolDispatcher>();
        services.TryAddSingleton<ITransport, SocketTransport>();
        // Only a process with peers looks for it.
        services.TryAddSingleton(static _ => InterfaceCatalog.OfProcess);
        services.AddSingleton(static provider => new TurnEnvironment(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ITurnDispatcher>(),
            provider.GetRequiredService<IOptions<TMessaging>>().Value.ResponseTimeout, provider.GetRequiredService<ILogger<TurnEnvironment>>()));
        services.AddSingleton<MessageCenter>();
    }
}
