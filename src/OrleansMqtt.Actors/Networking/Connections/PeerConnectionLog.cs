using System.Net;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Actors.Networking.Frames;

namespace OrleansMqtt.Actors.Networking.Connections;

internal sealed partial class PeerConnection
{
    [LoggerMessage(1400, LogLevel.Information, "Connection with {Peer} at {Remote}: open.")]
    private static partial void LogOpened(ILogger logger, PeerIdentity peer, EndPoint? remote);

    [LoggerMessage(1401, LogLevel.Information, "Connection with {Peer}: ended ({Kind}), {Reason}; {Unsettled} calls were not answered.")]
    private static partial void LogEnded(ILogger logger, PeerConnection peer, EndKind kind, string reason, int unsettled);

    [LoggerMessage(1402, LogLevel.Error, "Connection with {Peer}: a {Kind} frame could not be handled; closing.")]
    private static partial void LogReceiverFailed(ILogger logger, Exception exception, PeerConnection peer, FrameKind kind);

    [LoggerMessage(1403, LogLevel.Error, "Connection with {Peer}: the end of the connection could not be told.")]
    private static partial void LogSettlingFailed(ILogger logger, Exception exception, PeerConnection peer);

    [LoggerMessage(1404, LogLevel.Debug, "Connection with {Peer}: the transport could not be closed in peace.")]
    private static partial void LogNotClosed(ILogger logger, Exception exception, PeerConnection peer);
}
