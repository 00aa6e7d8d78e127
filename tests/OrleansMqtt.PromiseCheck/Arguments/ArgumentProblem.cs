using System.CommandLine;
using OrleansMqtt.Cli.Options;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>Says in one sentence what is wrong with a command line: which option, what was found, what is allowed.</summary>
internal static class ArgumentProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var options = parsed.CommandResult.Command.Options;
        return parsed.UnmatchedTokens.Count > 0
            ? $"Argument \"{parsed.UnmatchedTokens[0]}\" is not known; allowed is {string.Join(", ", options.Select(static o => o.Name))}."
            : OptionProblem.Of(parsed.Errors);
    }
}
