using Microsoft.Extensions.Logging;
using OrleansMqtt.Protocol.Connections;

namespace OrleansMqtt.Gateway.Connections;

internal sealed partial class ClientConnection
{
    [LoggerMessage(100, LogLevel.Warning, "Client {ClientId} at {Remote}: protocol error 0x{Reason:X2}, {Description}; closing.")]
    private static partial void LogProtocolError(ILogger logger, string clientId, string remote, byte reason, string description);

    [LoggerMessage(101, LogLevel.Information, "Client {ClientId} at {Remote}: closed with 0x{Reason:X2}, {Description}.")]
    private static partial void LogClosed(ILogger logger, string clientId, string remote, byte reason, string description);

    [LoggerMessage(102, LogLevel.Debug, "Client {ClientId} at {Remote}: let pass: {Tolerance}.")]
    private static partial void LogTolerated(ILogger logger, string clientId, string remote, Tolerance tolerance);

    [LoggerMessage(103, LogLevel.Error, "Client {ClientId}: its session could not be told that the connection has ended.")]
    private static partial void LogSessionUnreachable(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(104, LogLevel.Error, "Client {ClientId} at {Remote}: its session could not be opened.")]
    internal static partial void LogSessionFailed(ILogger logger, Exception exception, string clientId, string remote);

    [LoggerMessage(105, LogLevel.Information, "Client {ClientId} at {Remote}: refused with 0x{Reason:X2}, {Description}.")]
    internal static partial void LogRefused(ILogger logger, string clientId, string remote, byte reason, string description);

    [LoggerMessage(107, LogLevel.Warning, "Client {ClientId}: its session, which may have moved, could not be told of the connection; trying again.")]
    private static partial void LogNotConfirmed(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(108, LogLevel.Debug, "Client {ClientId} at {Remote}: nobody is asked whether it is who it says.")]
    private static partial void LogNotAsked(ILogger logger, string clientId, string remote);

    [LoggerMessage(109, LogLevel.Error, "Client {ClientId} at {Remote}: an authenticator failed; refusing it.")]
    private static partial void LogNotAuthenticated(ILogger logger, Exception exception, string clientId, string remote);

    [LoggerMessage(110, LogLevel.Warning, "The address of {Remote} is banned for {Time}: too many of its clients were refused.")]
    private static partial void LogBanned(ILogger logger, string remote, TimeSpan time);

    [LoggerMessage(111, LogLevel.Error, "Client {ClientId}: whether it may keep its subscriptions could not be decided; closing.")]
    private static partial void LogNotReviewed(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(106, LogLevel.Error, "Client {ClientId}: a publish could not be stored; it is not acknowledged as success.")]
    internal static partial void LogPublishFailed(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(112, LogLevel.Debug, "Client {ClientId}: a filter has denied what it published, with 0x{Reason:X2}.")]
    internal static partial void LogPublishDenied(ILogger logger, string clientId, byte reason);
}
