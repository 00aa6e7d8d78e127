using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Routing;

internal static partial class GatheringLog
{
    [LoggerMessage(1000, LogLevel.Error, "What was to be done after a call with items of type {Item} failed.")]
    public static partial void LogCallbackFailed(ILogger logger, Exception exception, string item);
}
