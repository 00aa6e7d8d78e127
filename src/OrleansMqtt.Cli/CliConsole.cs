using Spectre.Console;

namespace OrleansMqtt.Cli;

/// <summary>What a command has of the world around it; tests bring their own.</summary>
/// <param name="Output">For results.</param>
/// <param name="Error">For what went wrong.</param>
/// <param name="Progress">Where a moving display may be shown; null if nobody watches.</param>
/// <param name="Time">Clock and timers.</param>
/// <param name="Environment">Values of environment variables by name.</param>
internal sealed record CliConsole(
    TextWriter Output, TextWriter Error, IAnsiConsole? Progress, TimeProvider Time, Func<string, string?> Environment)
{
    /// <summary>Where secrets come from; nowhere, unless it is said.</summary>
    public SecretInput Secrets { get; init; } = new(static _ => null, IsTyped: false);

    /// <summary>The console of this process. The display goes to standard error, so that standard output can be piped.</summary>
    public static CliConsole OfProcess() => new(
        Console.Out,
        Console.Error,
        Console.IsErrorRedirected || Console.IsOutputRedirected
            ? null
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }),
        TimeProvider.System,
        System.Environment.GetEnvironmentVariable)
    {
        Secrets = SecretInput.OfProcess(),
    };
}
