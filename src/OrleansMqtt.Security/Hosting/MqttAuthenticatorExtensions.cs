using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Security.Certificates;
using OrleansMqtt.Security.Files;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Scram;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Security.Hosting;

/// <summary>
/// Adds authenticators. Their files must be readable and understood when the process starts (<see cref="AuthenticationFiles"/> says whether they are); later a bad one leaves the one
/// before in force.
/// </summary>
public static class MqttAuthenticatorExtensions
{
    /// <summary>Adds `password`: a file of mosquitto_passwd, or with hashes of mkpasswd -m sha-512.</summary>
    public static IServiceCollection AddMqttPasswordFile(this IServiceCollection services, string path) => services
        .AddWatched(path, static (file, _) => PasswordFile.Load(file))
        .AddSingleton<IAuthenticator>(static provider => new PasswordFileAuthenticator(Current<PasswordFile>(provider)));

    /// <summary>Adds `scram`: enhanced authentication by SCRAM-SHA-256, with a file of lines <c>user:SCRAM-SHA-256$iterations:salt$storedKey:serverKey</c>.</summary>
    public static IServiceCollection AddMqttScramFile(this IServiceCollection services, string path) => services
        .AddWatched(path, static (file, _) => ScramFile.Load(file))
        .AddSingleton<IEnhancedAuthenticator>(static provider => new ScramAuthenticator(Current<ScramFile>(provider)));

    /// <summary>Adds `jwt`: JSON Web Tokens in the password.</summary>
    public static IServiceCollection AddMqttTokens(this IServiceCollection services, JwtOptions options) => services
        .AddWatched(options.KeyFile, (_, time) => JwtVerifier.Load(options, time))
        .AddSingleton<IAuthenticator>(provider => new JwtAuthenticator(options, Current<JwtVerifier>(provider)));

    /// <summary>Adds `certificate`: names in the certificates that clients of TLS listeners prove to own.</summary>
    public static IServiceCollection AddMqttCertificates(this IServiceCollection services, CertificateOptions options) =>
        services.AddSingleton<IAuthenticator>(new CertificateAuthenticator(options));

    /// <summary>Adds `http`: a server elsewhere is asked.</summary>
    public static IServiceCollection AddMqttHttpAuthenticator(this IServiceCollection services, HttpHookOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IAuthenticator>(provider => new HttpAuthenticator(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<HttpAuthenticator>()));
    }

    // The container ends the watching.
    private static IServiceCollection AddWatched<T>(this IServiceCollection services, string path, Func<string, TimeProvider, T> load)
        where T : class
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            return new WatchedFile<T>(path, file => load(file, time), time, provider.GetRequiredService<ILoggerFactory>().CreateLogger<T>());
        });
    }

    private static Func<T> Current<T>(IServiceProvider provider)
        where T : class
    {
        var file = provider.GetRequiredService<WatchedFile<T>>();
        return () => file.Current;
    }
}
