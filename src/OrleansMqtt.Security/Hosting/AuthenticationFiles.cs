using OrleansMqtt.Security.Passwords;
using OrleansMqtt.Security.Scram;
using OrleansMqtt.Security.Tokens;

namespace OrleansMqtt.Security.Hosting;

/// <summary>Says of files why they cannot be used now, in the words of a sentence after "it cannot be used:"; null where they can. Nothing that stands in a file is quoted.</summary>
public static class AuthenticationFiles
{
    /// <summary>As a password file.</summary>
    public static string? FindProblemInPasswordFile(string path) => FindProblem(() => PasswordFile.Load(path));

    /// <summary>As a file of SCRAM credentials.</summary>
    public static string? FindProblemInScramFile(string path) => FindProblem(() => ScramFile.Load(path));

    /// <summary>As keys of tokens.</summary>
    public static string? FindProblemInKeys(JwtOptions options) => FindProblem(() => JwtKeys.Load(options.KeyFile, options.KeyForm, options.Algorithms));

    private static string? FindProblem(Action load)
    {
        try
        {
            load();
            return null;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return exception.Message.TrimEnd('.');
        }
    }
}
