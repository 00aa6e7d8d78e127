using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Hosting;

namespace OrleansMqtt.Samples.Security;

/// <summary>A broker that knows devices by their keys, beside users by the password file, and gives each its own topics, beside those of the access list.</summary>
public static class SecureApplication
{
    /// <summary>Makes it. The setting <c>Application:Keys:HASH=owner</c> names a key's owner.</summary>
    /// <param name="arguments">The command line.</param>
    public static MqttApplication Create(params string[] arguments)
    {
        var builder = MqttApplication.CreateBuilder(arguments);
        builder.AddAuthenticator<ApiKeyAuthenticator>("api-key");
        builder.AddAuthorizer<OwnTopicsAuthorizer>("own-topics");
        builder.Services.AddSingleton<IReadOnlyDictionary<string, string>>(static services => Owners(services.GetRequiredService<IConfiguration>().GetSection("Application:Keys")));
        return builder.Build();
    }

    private static Dictionary<string, string> Owners(IConfigurationSection keys) =>
        keys.GetChildren().ToDictionary(static key => key.Key, static key => key.Value ?? "", StringComparer.OrdinalIgnoreCase);
}
