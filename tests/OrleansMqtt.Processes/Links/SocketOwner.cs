using System.Globalization;

namespace OrleansMqtt.Processes.Links;

/// <summary>Says which process has a socket, by what Linux shows of it.</summary>
internal static class SocketOwner
{
    private const int LocalAddress = 1;
    private const int RemoteAddress = 2;
    private const int Inode = 9;

    /// <summary>The one of these processes whose connection goes from one port of this machine to another; null if none of them has it any more.</summary>
    public static int? Find(int fromPort, int toPort, IEnumerable<int> processes) =>
        InodeOf(fromPort, toPort) is { } inode ? processes.Cast<int?>().FirstOrDefault(process => Has(process!.Value, $"socket:[{inode}]")) : null;

    private static string? InodeOf(int fromPort, int toPort)
    {
        var (from, to) = (Suffix(fromPort), Suffix(toPort));
        return ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .SelectMany(File.ReadLines)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields[LocalAddress].EndsWith(from, StringComparison.Ordinal) && fields[RemoteAddress].EndsWith(to, StringComparison.Ordinal))?[Inode];
    }

    private static string Suffix(int port) => string.Create(CultureInfo.InvariantCulture, $":{port:X4}");

    private static bool Has(int process, string socket)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name == socket);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // The process, or one of its files, is gone.
        }
    }
}
