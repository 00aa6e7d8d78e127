using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>What of the `Authorization` section says how authorizers are asked, and what holds where none decides.</summary>
internal static class AuthorizationSettings
{
    private const string Section = "Authorization";

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="authorizers">The names of those that are configured.</param>
    public static AuthorizationOptions Read(SettingsReader reader, IReadOnlyList<string> authorizers)
    {
        var whereNobodyDecides = reader.Get($"{Section}:Default");
        return new AuthorizationOptions
        {
            Default = whereNobodyDecides.Text is null ? null : whereNobodyDecides.Choice(AuthorizationDefault.Deny),
            Order = NameList.ReadOrder(reader.Get($"{Section}:Order"), authorizers),
        };
    }
}
