using Microsoft.Extensions.Logging;

namespace OrleansMqtt.Storage.Redis.Connections;

internal static partial class RedisLog
{
    [LoggerMessage(1300, LogLevel.Information, "Connected to {Server}, durability {Durability}.")]
    public static partial void LogConnected(ILogger logger, string server, StoreDurability durability);

    [LoggerMessage(1301, LogLevel.Warning, "{Problem} Writes wait.")]
    public static partial void LogLost(ILogger logger, string problem);

    [LoggerMessage(1302, LogLevel.Warning, "{Shortfall} It is used all the same, since Store:Strict is off.")]
    public static partial void LogShortfall(ILogger logger, string shortfall);

    [LoggerMessage(1303, LogLevel.Error, "The record {Field} of {Key} cannot be read and is set aside in {Quarantine}: {Reason}")]
    public static partial void LogSetAside(ILogger logger, string key, string field, string quarantine, string reason);

    [LoggerMessage(1304, LogLevel.Debug, "The earlier connection could not be ended: {Reason}")]
    public static partial void LogNotEnded(ILogger logger, string reason);
}
