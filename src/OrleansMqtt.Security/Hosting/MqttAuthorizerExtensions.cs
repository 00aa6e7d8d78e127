using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Security.Acl;
using OrleansMqtt.Security.Files;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Identities;
using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Security.Hosting;

/// <summary>Adds authorizers. Where no order is configured they are asked in the order in which they were added.</summary>
public static class MqttAuthorizerExtensions
{
    /// <summary>Adds `acl`: an access list in the format of mosquitto's <c>acl_file</c>, read again when it changes.</summary>
    /// <param name="services">The services of the process.</param>
    /// <param name="path">The file. It must be readable and understood when the process starts; later a bad one leaves the one before in force.</param>
    public static IServiceCollection AddMqttAclFile(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new WatchedFile<AclFile>(
            path, AclFile.Load, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<AclAuthorizer>()));
        return services.AddSingleton<IAuthorizer>(static provider => new AclAuthorizer(provider.GetRequiredService<WatchedFile<AclFile>>()));
    }

    /// <summary>Says why a file cannot be an access list now; null where it can.</summary>
    public static string? FindProblemInAclFile(string path)
    {
        try
        {
            AclFile.Load(path);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    /// <summary>Adds `allowed`: lists of what each user may do.</summary>
    /// <param name="services">The services of the process.</param>
    /// <param name="users">By user name, and under <see cref="AllowedTopics.Anonymous"/> those of clients without one.</param>
    public static IServiceCollection AddMqttAllowedTopics(this IServiceCollection services, IReadOnlyDictionary<string, AllowedTopics> users) =>
        services.AddSingleton<IAuthorizer>(new AllowedAuthorizer(users));

    /// <summary>Adds `denied`: what nobody may do. Belongs before the others, since the first one who speaks decides.</summary>
    public static IServiceCollection AddMqttDeniedTopics(this IServiceCollection services, DeniedTopics denied) => services.AddSingleton<IAuthorizer>(new DeniedAuthorizer(denied));

    /// <summary>Adds `http`: a server elsewhere is asked.</summary>
    public static IServiceCollection AddMqttHttpAuthorizer(this IServiceCollection services, HttpHookOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IAuthorizer>(provider => new HttpAuthorizer(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<HttpAuthorizer>()));
    }

    /// <summary>Adds `identity`: what tokens and hooks say of their clients holds (<see cref="ClientIdentity.Permissions"/>).</summary>
    public static IServiceCollection AddMqttIdentityPermissions(this IServiceCollection services) => services.AddSingleton<IAuthorizer, IdentityAuthorizer>();
}
