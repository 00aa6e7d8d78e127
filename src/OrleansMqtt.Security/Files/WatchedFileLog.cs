using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Security.Files;

internal static partial class WatchedFileLog
{
    [LoggerMessage(500, LogLevel.Information, "{Path} has changed and was read again.")]
    public static partial void Changed(ILogger logger, string path);

    [LoggerMessage(501, LogLevel.Warning, "{Path} has changed but cannot be used: {Problem}. What it said before holds on.")]
    public static partial void Refused(ILogger logger, string path, string problem);
}
