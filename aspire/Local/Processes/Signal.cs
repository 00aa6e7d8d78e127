using System.Runtime.InteropServices;

namespace OrleansMqtt.AppHost.Local.Processes;

/// <summary>Sends signals.</summary>
internal static partial class Signal
{
    private const int Terminate = 15;

    /// <summary>SIGTERM. That the process has ended meanwhile is no error.</summary>
    public static void SendTerminate(int process) => _ = Kill(process, Terminate);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
