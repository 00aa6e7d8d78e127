using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.Cli.Bench.Arguments;

/// <summary>Says in one sentence what is wrong with a command line: which option, what was found, what is allowed.</summary>
internal static class ArgumentProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
            return $"Argument \"{parsed.UnmatchedTokens[0]}\" is not known to {Path(parsed.CommandResult)}; allowed is {Choices(command)}.";
        if (command.Subcommands.Count > 0) return $"{Path(parsed.CommandResult)} has no command; allowed is {Choices(command)}.";
        return OptionProblem.Of(parsed.Errors);
    }

    private static string Choices(Command command) => string.Join(
        ", ", command.Subcommands.Count > 0 ? command.Subcommands.Select(static c => c.Name) : command.Options.Select(static o => o.Name));

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "orleansmqtt";
}
