using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Security.Certificates;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Hosting;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>What of the `Authentication` section makes authenticators; null for those that are not configured.</summary>
internal sealed record AuthenticatorSettings
{
    /// <summary>The file of `password`.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The file of `scram`.</summary>
    public string? ScramFile { get; init; }

    /// <summary>`jwt`.</summary>
    public JwtOptions? Tokens { get; init; }

    /// <summary>`certificate`.</summary>
    public CertificateOptions? Certificates { get; init; }

    /// <summary>`http`.</summary>
    public HttpHookOptions? Hook { get; init; }

    /// <summary>Names of those that are configured, in the order in which they are asked unless another one is configured.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Certificates is null ? Array.Empty<string>() : ["certificate"],
        .. ScramFile is null ? Array.Empty<string>() : ["scram"],
        .. Tokens is null ? Array.Empty<string>() : ["jwt"],
        .. PasswordFile is null ? Array.Empty<string>() : ["password"],
        .. Hook is null ? Array.Empty<string>() : ["http"],
    ];

    /// <summary>Reads it.</summary>
    public static AuthenticatorSettings Read(SettingsReader reader) => new()
    {
        PasswordFile = reader.Get("Authentication:PasswordFile").UsableFile(AuthenticationFiles.FindProblemInPasswordFile),
        ScramFile = reader.Get("Authentication:ScramFile").UsableFile(AuthenticationFiles.FindProblemInScramFile),
        Tokens = JwtSettings.Read(reader),
        Certificates = ReadCertificates(reader),
        Hook = HookSettings.Read(reader, "Authentication:Http"),
    };

    /// <summary>Adds the authenticators, in the order of <see cref="Names"/>.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (Certificates is not null) services.AddMqttCertificates(Certificates);
        if (ScramFile is not null) services.AddMqttScramFile(ScramFile);
        if (Tokens is not null) services.AddMqttTokens(Tokens);
        if (PasswordFile is not null) services.AddMqttPasswordFile(PasswordFile);
        if (Hook is not null) services.AddMqttHttpAuthenticator(Hook);
    }

    private static CertificateOptions? ReadCertificates(SettingsReader reader)
    {
        var (userName, clientId) = (reader.Get("Authentication:Certificate:UserName"), reader.Get("Authentication:Certificate:ClientId"));
        var options = new CertificateOptions { UserName = userName.Choice(CertificateName.None), ClientId = clientId.Choice(CertificateName.None) };
        return options is { UserName: CertificateName.None, ClientId: CertificateName.None } ? null : options;
    }
}
