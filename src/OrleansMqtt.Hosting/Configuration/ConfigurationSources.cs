using Microsoft.Extensions.Configuration;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>Where settings come from; a later source wins: appsettings.json beside the binary, the environment, the command line.</summary>
internal static class ConfigurationSources
{
    /// <summary>The file, beside the binary; it need not exist.</summary>
    public const string FileName = "appsettings.json";

    /// <summary>What the names of our environment variables begin with; `__` stands for the colon.</summary>
    public const string EnvironmentPrefix = "OrleansMqtt__";

    /// <summary>The section of programs that are a broker and more: the broker reads nothing there, and allows everything.</summary>
    public const string ApplicationSection = "Application";

    /// <summary>Adds all sources.</summary>
    /// <param name="configuration">Where to.</param>
    /// <param name="directory">Folder of <see cref="FileName"/>.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>Null, or what is wrong with a source, as a sentence.</returns>
    public static string? Load(ConfigurationManager configuration, string directory, string[] arguments)
    {
        // The provider silently skips arguments that it does not understand, so they are looked at first.
        foreach (var argument in arguments)
            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.IndexOf('=', StringComparison.Ordinal) < 3)
                return $"The argument \"{argument}\" is not understood; allowed is --Section:Key=value, as in --Listeners:default:Bind=127.0.0.1:1883.";
        try
        {
            configuration.SetBasePath(directory).AddJsonFile(FileName, optional: true, reloadOnChange: false);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"{FileName} cannot be read: {exception.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.')}.";
        }
        configuration.AddEnvironmentVariables(EnvironmentPrefix).AddCommandLine(arguments);
        return null;
    }
}
