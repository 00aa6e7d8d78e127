using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

internal static partial class MembershipLog
{
    [LoggerMessage(EventId = 1601, Level = LogLevel.Warning, Message = "The membership table could not be reached: {Problem}")]
    public static partial void Unreachable(ILogger logger, string problem);

    [LoggerMessage(EventId = 1602, Level = LogLevel.Information, Message = "Membership view {View}")]
    public static partial void Viewed(ILogger logger, MembershipView view);

    [LoggerMessage(EventId = 1603, Level = LogLevel.Warning, Message = "{Silo} is declared dead: its heartbeat has not changed for its whole lease.")]
    public static partial void DeclaredDead(ILogger logger, SiloAddress silo);

    [LoggerMessage(EventId = 1604, Level = LogLevel.Warning, Message = "{Silo} has not been able to renew its lease and takes no calls.")]
    public static partial void Suspended(ILogger logger, SiloAddress silo);

    [LoggerMessage(EventId = 1605, Level = LogLevel.Information, Message = "{Silo} has its lease again.")]
    public static partial void Resumed(ILogger logger, SiloAddress silo);

    [LoggerMessage(EventId = 1606, Level = LogLevel.Error, Message = "{Silo} is no member of its cluster any more: {Reason}")]
    public static partial void Ended(ILogger logger, SiloAddress silo, string reason);

    [LoggerMessage(EventId = 1607, Level = LogLevel.Error, Message = "A view could not be applied.")]
    public static partial void NotApplied(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1608, Level = LogLevel.Warning, Message = "The membership table has gone back from version {Known} to {Found}: it has lost writes.")]
    public static partial void WentBack(ILogger logger, long known, long found);

    [LoggerMessage(EventId = 1609, Level = LogLevel.Information, Message = "{Silo}, an earlier run at the same end point, is declared dead.")]
    public static partial void EarlierRunDead(ILogger logger, SiloAddress silo);
}
