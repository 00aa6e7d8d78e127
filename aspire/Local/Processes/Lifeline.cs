using System.Diagnostics;
using System.Globalization;

namespace OrleansMqtt.AppHost.Local.Processes;

/// <summary>
/// Ties children to this process. <c>setpriv</c> has the kernel kill a child when its parent is gone, for whatever reason, and keeps nothing running besides;
/// <c>setsid</c> keeps the terminal's Ctrl-C, which would otherwise reach all at once, to this process. Both replace themselves by the program, so the child's
/// process identifier is the program's own.
/// </summary>
/// <param name="isThere">Whether this system has both.</param>
internal sealed class Lifeline(bool isThere)
{
    // The parent may have died before setpriv asked for its death; the child then has another parent already.
    private const string UnlessOrphaned = """[ "$PPID" = "$1" ] || exit 1; shift; exec "$@" """;

    /// <summary>Whether children are tied.</summary>
    public bool IsThere => isThere;

    /// <summary>Finds out whether this system can do it.</summary>
    public static async Task<Lifeline> FindAsync(ProcessStarter starter)
    {
        var (file, arguments) = new Lifeline(true).Tie("true", [], Environment.ProcessId);
        if (ProgramPath.Find(file) is null) return new Lifeline(false);
        using var trial = await starter.StartAsync(new ProcessStartInfo(file, arguments) { RedirectStandardError = true });
        await trial.StandardError.ReadToEndAsync();
        await trial.WaitForExitAsync();
        return new Lifeline(trial.ExitCode == 0);
    }

    /// <summary>The command that runs a program so.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="parent">This process' identifier.</param>
    public (string File, IReadOnlyList<string> Arguments) Tie(string file, IReadOnlyList<string> arguments, int parent) => isThere
        ? ("setpriv", ["--pdeathsig", "KILL", "setsid", "sh", "-c", UnlessOrphaned, "sh", parent.ToString(CultureInfo.InvariantCulture), file, .. arguments])
        : (file, arguments);
}
