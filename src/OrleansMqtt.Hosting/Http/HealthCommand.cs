using System.Net;
using Microsoft.Extensions.Configuration;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Asks the process that runs with the same settings on this machine whether it is ready: for containers, which have no other program that could.</summary>
internal static class HealthCommand
{
    /// <summary>The argument that asks for it, before any settings.</summary>
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks. Returns 0 where the answer is yes, 1 otherwise.</summary>
    /// <param name="arguments">Settings, as the process was given.</param>
    /// <param name="output">Gets the answer.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        using var configuration = new ConfigurationManager();
        var reader = new SettingsReader(configuration);
        if (ConfigurationSources.Load(configuration, AppContext.BaseDirectory, arguments) is { } unreadable) reader.Report(unreadable);
        // Whether others may reach the address is for the process to judge.
        var bind = HttpSettings.Read(reader, allowAnonymous: true).Bind;
        if (bind is null or { Port: 0 }) reader.Report("Http:Bind names no port that could be asked.");
        if (reader.Problem is { } problem)
        {
            await output.WriteLineAsync(problem);
            return ExitCode.CannotStart;
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri($"http://{Reachable(bind!)}/readyz"));
            await output.WriteLineAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? ExitCode.Stopped : ExitCode.CannotStart;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await output.WriteLineAsync($"{Reachable(bind!)} does not answer: {exception.Message}");
            return ExitCode.CannotStart;
        }
    }

    private static IPEndPoint Reachable(IPEndPoint bind) =>
        bind.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, bind.Port)
        : bind.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, bind.Port)
        : bind;
}
