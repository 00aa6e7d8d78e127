using System.CommandLine;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.Cli.Import;

/// <summary>The command <c>import</c>: makes an appsettings.json for the gateway out of a mosquitto.conf.</summary>
internal static class ImportCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliConsole console)
    {
        var file = new Argument<string?>("file") { Description = "The mosquitto.conf.", Arity = ArgumentArity.ZeroOrOne };
        var output = CheckedOptions.Text("--output", "A file for the settings, which must not be there yet; - for standard output.", "a file that is not there yet, or -", static text => text == "-" || !File.Exists(text)).Or("-");
        var command = new Command("import", "Make settings for the gateway out of a mosquitto.conf. What has no counterpart is listed on standard error, with its line.") { file, output };
        command.SetAction((parsed, _) => RunAsync(console, parsed.GetValue(file), parsed.GetValue(output)!));
        return command;
    }

    private static async Task<int> RunAsync(CliConsole console, string? file, string output)
    {
        if (file is null)
        {
            await console.Error.WriteLineAsync("orleansmqtt import has no file; allowed is the path of a mosquitto.conf.");
            return ExitCode.BadArguments;
        }
        try
        {
            var settings = MosquittoImport.Of(MosquittoFile.Read(file));
            if (output == "-") await console.Output.WriteLineAsync(settings.Json);
            else await File.WriteAllTextAsync(output, settings.Json + "\n");
            foreach (var note in settings.Notes) await console.Error.WriteLineAsync(note.ToString());
            return ExitCode.Fine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"{exception.Message.TrimEnd('.')}.");
            return ExitCode.Trouble;
        }
    }
}
