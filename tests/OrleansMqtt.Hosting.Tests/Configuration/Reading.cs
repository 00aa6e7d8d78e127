using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Gateways.Configuration;

namespace OrleansMqtt.Hosting.Tests.Configuration;

/// <summary>What the gateway makes of a command line, and of a file if there is one.</summary>
internal sealed record Reading(GatewaySettings Settings, string? Problem)
{
    public GatewayLimits Limits => Settings.Gateway.Limits;

    public IReadOnlyList<ListenerOptions> Listeners => Settings.Gateway.Listeners;

    public static Reading Of(params string[] arguments) => OfFile(null, arguments);

    public static Reading OfFile(string? json, params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("orleansmqtt-hosts-");
        try
        {
            if (json is not null) File.WriteAllText(Path.Combine(directory.FullName, ConfigurationSources.FileName), json);
            using var configuration = new ConfigurationManager();
            var reader = new SettingsReader(configuration);
            if (ConfigurationSources.Load(configuration, directory.FullName, arguments) is { } problem) reader.Report(problem);
            var settings = GatewaySettings.Read(reader, configuration);
            return new Reading(settings, reader.Problem);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The settings, which must have no problem.</summary>
    public GatewaySettings Accepted()
    {
        Assert.Null(Problem);
        return Settings;
    }

    public static IPEndPoint Ip(string text) => IPEndPoint.Parse(text);
}
