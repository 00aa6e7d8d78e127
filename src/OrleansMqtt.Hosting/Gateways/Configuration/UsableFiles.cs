using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Settings that name files which are read when the process starts.</summary>
internal static class UsableFiles
{
    /// <summary>The file's path; null where none is named, or where it cannot be used, which is reported.</summary>
    /// <param name="setting">Names it; empty is as if it were not set.</param>
    /// <param name="findProblem">Says why it cannot be used, null if it can.</param>
    public static string? UsableFile(this Setting setting, Func<string, string?> findProblem)
    {
        if (string.IsNullOrEmpty(setting.Text)) return null;
        if (findProblem(setting.Text) is not { } problem) return setting.Text;
        setting.Reader.Report($"{setting.Key} is \"{setting.Text}\", which cannot be used: {problem}.");
        return null;
    }
}
