using System.Runtime.InteropServices;

namespace OrleansMqtt.AppHost.Local.Processes;

/// <summary>Where programs are.</summary>
internal static class ProgramPath
{
    /// <summary>The `dotnet` that runs this process: this one surely has the runtime that the hosts need.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>A program on the PATH; null where it is not there.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
