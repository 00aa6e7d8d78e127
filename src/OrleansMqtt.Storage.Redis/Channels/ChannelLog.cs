using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Storage.Redis.Channels;

internal static partial class ChannelLog
{
    [LoggerMessage(1320, LogLevel.Warning, "What is published on topics does not reach Redis channels: {Problem}")]
    public static partial void LogNotPublishing(ILogger logger, string problem);

    [LoggerMessage(1321, LogLevel.Information, "What is published on {Count} topic filters goes to Redis channels.")]
    public static partial void LogPublishing(ILogger logger, int count);

    [LoggerMessage(1322, LogLevel.Warning, "Redis refuses messages of channels: {Problem}")]
    public static partial void LogRefused(ILogger logger, string problem);

    [LoggerMessage(1323, LogLevel.Warning, "What is published on Redis channels does not reach topics: {Problem}")]
    public static partial void LogNotReceiving(ILogger logger, string problem);

    [LoggerMessage(1324, LogLevel.Information, "What is published on Redis channels of {Count} topic filters comes in here.")]
    public static partial void LogReceiving(ILogger logger, int count);

    [LoggerMessage(1325, LogLevel.Warning, "It is not known which silo subscribes to Redis channels: {Problem}")]
    public static partial void LogNoLease(ILogger logger, string problem);

    [LoggerMessage(1326, LogLevel.Warning, "{Count} messages of Redis channels are lost, as this silo does not know all routes.")]
    public static partial void LogNotRouted(ILogger logger, int count);
}
