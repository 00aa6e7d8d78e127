using System.CommandLine;
using System.Text;
using OrleansMqtt.Cli.Options;
using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Scram;

namespace OrleansMqtt.Cli.Users;

/// <summary>The command <c>passwd</c>: makes a user's line of a password file or of a file for SCRAM.</summary>
internal static class PasswdCommand
{
    private const string Iterations = "--iterations";

    private enum Kind
    {
        Password,
        Scram,
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CliConsole console)
    {
        var user = new Argument<string?>("user") { Description = "The user's name.", Arity = ArgumentArity.ZeroOrOne };
        var file = CheckedOptions.Text("--file", "Put the line into this file. Without it, the line goes to standard output.", "a file", static text => text.Length > 0);
        var kind = CheckedOptions.Choice(
            "--kind", "For Authentication:PasswordFile, which mosquitto reads too, or for Authentication:ScramFile.", ("password", Kind.Password), ("scram", Kind.Scram)).Or(Kind.Password);
        var iterations = CheckedOptions.Number(
            Iterations, $"Rounds of PBKDF2; without it {Pbkdf2Sha512.DefaultIterations} for password and {ScramCredential.DefaultIterations} for scram, where clients compute them.", 1, Pbkdf2Sha512.MaximumIterations);
        var command = new Command("passwd", "Make a user's line of a password file. Asks for the password, or reads it from standard input.") { user, file, kind, iterations };
        command.SetAction(parsed => Run(
            console, parsed.GetValue(user), parsed.GetValue(file), parsed.GetValue(kind), parsed.GetResult(iterations) is null ? null : parsed.GetValue(iterations)));
        return command;
    }

    private static bool IsUser(string name) => name.Length > 0 && name[0] != '#' && !name.Contains(':', StringComparison.Ordinal) && !name.Any(char.IsControl);

    private static int Run(CliConsole console, string? user, string? file, Kind kind, int? iterations)
    {
        if (user is null) return Fail(console, "orleansmqtt passwd has no user; allowed is the user's name.", ExitCode.BadArguments);
        if (!IsUser(user)) return Fail(console, "Argument user has no name that a line can begin with; allowed is a text without colon, control characters and # at its beginning.", ExitCode.BadArguments);
        if (kind == Kind.Scram && iterations < ScramCredential.LeastIterations)
            return Fail(console, $"Option {Iterations} is \"{iterations}\"; allowed with --kind scram is a whole number from {ScramCredential.LeastIterations} to {ScramCredential.MostIterations}.", ExitCode.BadArguments);
        if (kind == Kind.Scram && !ScramCredential.IsPrepared(user)) return Fail(console, "Argument user has other characters than printable ASCII; allowed with --kind scram are those alone.", ExitCode.BadArguments);
        if (Ask(console.Secrets, kind, out var problem) is not { } password) return Fail(console, problem, ExitCode.BadArguments);

        var hash = kind == Kind.Scram
            ? ScramCredential.Of(password, iterations ?? ScramCredential.DefaultIterations).Write()
            : Pbkdf2Sha512.Of(Encoding.UTF8.GetBytes(password), iterations ?? Pbkdf2Sha512.DefaultIterations).Write();
        var line = $"{user}:{hash}";
        if (file is null)
        {
            console.Output.WriteLine(line);
            return ExitCode.Fine;
        }
        try
        {
            UserFile.Set(file, user, line);
            return ExitCode.Fine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(console, $"{file} cannot be written: {exception.Message.TrimEnd('.')}.", ExitCode.Trouble);
        }
    }

    private static string? Ask(SecretInput secrets, Kind kind, out string problem)
    {
        var password = secrets.Read("Password: ");
        problem = password switch
        {
            null or "" => "There is no password; allowed is one of at least one character.",
            _ when kind == Kind.Scram && !ScramCredential.IsPrepared(password) => "The password has other characters than printable ASCII; allowed with --kind scram are those alone.",
            _ when secrets.IsTyped && secrets.Read("Once more: ") != password => "The two passwords are different.",
            _ => "",
        };
        return problem.Length == 0 ? password : null;
    }

    private static int Fail(CliConsole console, string problem, int code)
    {
        console.Error.WriteLine(problem);
        return code;
    }
}
