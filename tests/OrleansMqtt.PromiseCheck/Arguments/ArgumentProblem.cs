using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansMqtt.PromiseCheck.Arguments;

/// <summary>Says in one sentence what is wrong with a command line: which option, what was found, what is allowed.</summary>
internal static class ArgumentProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? Of(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0) return null;
        var options = parsed.CommandResult.Command.Options;
        if (parsed.UnmatchedTokens.Count > 0)
            return $"Argument \"{parsed.UnmatchedTokens[0]}\" is not known; allowed is {string.Join(", ", options.Select(static o => o.Name))}.";

        // What an option says of itself comes first: the parser's own sentences do not know what is allowed.
        var error = parsed.Errors.FirstOrDefault(static e => OptionOf(e) is null or { Tokens.Count: 1 }) ?? parsed.Errors[0];
        if (OptionOf(error) is not { Option: ICheckOption option } result || result.Tokens.Count == 1) return error.Message;
        return result.Tokens.Count == 0
            ? $"Option {result.Option.Name} has no value; allowed is {option.Allowed}."
            : $"Option {result.Option.Name} is there {result.Tokens.Count} times; allowed is one time, with {option.Allowed}.";
    }

    private static OptionResult? OptionOf(ParseError error) => error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
}
