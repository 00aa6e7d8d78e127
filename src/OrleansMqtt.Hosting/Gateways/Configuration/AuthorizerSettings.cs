using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Security.Hooks;
using OrleansMqtt.Security.Hosting;
using OrleansMqtt.Security.Lists;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>What of the `Authorization` section makes authorizers; null for those that are not configured.</summary>
internal sealed record AuthorizerSettings
{
    private const string Section = "Authorization";

    /// <summary>The file of `acl`.</summary>
    public string? AclFile { get; init; }

    /// <summary>The lists of `allowed`, by user.</summary>
    public IReadOnlyDictionary<string, AllowedTopics>? Allowed { get; init; }

    /// <summary>`denied`.</summary>
    public DeniedTopics? Denied { get; init; }

    /// <summary>`http`.</summary>
    public HttpHookOptions? Hook { get; init; }

    /// <summary>Whether authenticators say what their clients may do, which is what `identity` goes by.</summary>
    public bool HasIdentities { get; init; }

    /// <summary>Names of those that are configured, in the order in which they are asked unless another one is configured.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Denied is null ? Array.Empty<string>() : ["denied"],
        .. HasIdentities ? ["identity"] : Array.Empty<string>(),
        .. Allowed is null ? Array.Empty<string>() : ["allowed"],
        .. AclFile is null ? Array.Empty<string>() : ["acl"],
        .. Hook is null ? Array.Empty<string>() : ["http"],
    ];

    /// <summary>Reads it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="authenticators">Who finds out who clients are.</param>
    public static AuthorizerSettings Read(SettingsReader reader, AuthenticatorSettings authenticators) => new()
    {
        AclFile = reader.Get($"{Section}:AclFile").UsableFile(MqttAuthorizerExtensions.FindProblemInAclFile),
        Allowed = ReadAllowed(reader),
        Denied = ReadDenied(reader),
        Hook = HookSettings.Read(reader, $"{Section}:Http"),
        HasIdentities = authenticators is { Tokens: not null } or { Hook: not null },
    };

    /// <summary>Adds the authorizers, in the order of <see cref="Names"/>.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (Denied is not null) services.AddMqttDeniedTopics(Denied);
        if (HasIdentities) services.AddMqttIdentityPermissions();
        if (Allowed is not null) services.AddMqttAllowedTopics(Allowed);
        if (AclFile is not null) services.AddMqttAclFile(AclFile);
        if (Hook is not null) services.AddMqttHttpAuthorizer(Hook);
    }

    private static Dictionary<string, AllowedTopics>? ReadAllowed(SettingsReader reader)
    {
        reader.Get($"{Section}:Allowed").Parse(static (string text, out bool isEmpty) => isEmpty = text.Length == 0, "a section with one for each user under it", true);
        var users = reader.NamesUnder($"{Section}:Allowed").ToDictionary(static user => user, user => new AllowedTopics
        {
            Publish = TopicList.ReadFilters(reader, $"{Section}:Allowed:{user}:Publish"),
            Subscribe = TopicList.ReadFilters(reader, $"{Section}:Allowed:{user}:Subscribe"),
        });
        return users.Count == 0 ? null : users;
    }

    private static DeniedTopics? ReadDenied(SettingsReader reader)
    {
        var (topics, except) = (TopicList.ReadFilters(reader, $"{Section}:Denied:Topics"), TopicList.Read(reader, $"{Section}:Denied:Except", "a user name", static name => name.Length > 0));
        if (topics is { Count: > 0 }) return new DeniedTopics(topics, except ?? []);
        if (except is { Count: > 0 }) reader.Report($"{Section}:Denied:Except is set, but there is nothing that it would be an exception from; allowed is with {Section}:Denied:Topics beside it.");
        return null;
    }
}
