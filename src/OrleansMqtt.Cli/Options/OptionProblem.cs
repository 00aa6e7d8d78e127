using System.CommandLine.Parsing;

namespace OrleansMqtt.Cli.Options;

/// <summary>Says in one sentence what is wrong with an option: which one, what was found, what is allowed.</summary>
internal static class OptionProblem
{
    /// <summary>The sentence that says most.</summary>
    /// <param name="errors">What the parser found; one at least.</param>
    public static string Of(IReadOnlyList<ParseError> errors)
    {
        // What an option says of itself comes first: the parser's own sentences do not know what is allowed.
        var error = errors.FirstOrDefault(static e => OptionOf(e) is null or { Tokens.Count: 1 }) ?? errors[0];
        if (OptionOf(error) is not { Option: ICheckedOption option } result || result.Tokens.Count == 1) return error.Message;
        return result.Tokens.Count == 0
            ? $"Option {result.Option.Name} has no value; allowed is {option.Allowed}."
            : $"Option {result.Option.Name} is there {result.Tokens.Count} times; allowed is one time, with {option.Allowed}.";
    }

    private static OptionResult? OptionOf(ParseError error) => error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
}
