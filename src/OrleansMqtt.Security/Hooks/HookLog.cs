using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Security.Hooks;

internal static partial class HookLog
{
    [LoggerMessage(510, LogLevel.Warning, "Hook {Url}: {Problem}.")]
    public static partial void Failed(ILogger logger, Uri url, string problem);

    [LoggerMessage(511, LogLevel.Error, "Hook {Url} fails so often that it is left alone for {Seconds} seconds.")]
    public static partial void Opened(ILogger logger, Uri url, double seconds);

    [LoggerMessage(512, LogLevel.Information, "Hook {Url} answers again.")]
    public static partial void Closed(ILogger logger, Uri url);
}
