using System.Net;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Actors.Networking.Connections;

namespace OrleansMqtt.Actors.Networking;

internal sealed partial class PeerNetwork
{
    [LoggerMessage(1410, LogLevel.Warning, "No connection to {Target} ({Kind}): {Reason}.")]
    private static partial void LogNotOpened(ILogger logger, PeerTarget target, EndKind kind, string reason);

    [LoggerMessage(1411, LogLevel.Warning, "Not let in: {Peer}: {Reason}.")]
    private static partial void LogNotLetIn(ILogger logger, string peer, string reason);

    [LoggerMessage(1412, LogLevel.Error, "A connection to {EndPoint} could not be accepted.")]
    private static partial void LogAcceptFailed(ILogger logger, Exception exception, EndPoint endPoint);

    [LoggerMessage(1413, LogLevel.Warning, "Calls are unanswered {Limit} after the goodbye; {Connections} connections are ended as they are.")]
    private static partial void LogNotDrained(ILogger logger, TimeSpan limit, int connections);

    [LoggerMessage(1414, LogLevel.Debug, "A connection with {Remote} that was of no use could not be closed in peace.")]
    private static partial void LogNotDropped(ILogger logger, Exception exception, EndPoint? remote);
}
