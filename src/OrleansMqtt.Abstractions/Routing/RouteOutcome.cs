using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Routing;

/// <summary>What <see cref="IRouterGrain"/> says of one message besides the number of its receivers, which is 0 or more.</summary>
internal static class RouteOutcome
{
    /// <summary>A receiver failed to take it.</summary>
    public const int Failed = -1;

    /// <summary>A receiver failed to take it for want of space in the store.</summary>
    public const int StoreFull = -2;

    /// <summary>All receivers have it, but it could not be retained.</summary>
    public const int RetainedFull = -3;

    /// <summary>A handler has failed, and the message is a dead letter; all other receivers have it.</summary>
    public const int HandlerFailed = -4;

    /// <summary>A filter has denied it: this less the reason code.</summary>
    public const int Denied = -0x100;

    /// <summary>Routed; not all receivers have it yet.</summary>
    public const int Pending = int.MinValue;

    /// <summary>The outcome of a publish that is completed.</summary>
    public static int Of(RouteResult result) => result.Pending?.Failure switch
    {
        null => result.Total,
        Storage.StoreFullException => StoreFull,
        Storage.RetainedFullException => RetainedFull,
        HandlerFailedException => HandlerFailed,
        PublishDeniedException denied => Denied - (int)denied.Reason,
        _ => Failed,
    };

    /// <summary>What the publisher's side is to take it for; null for success.</summary>
    public static Exception? FailureOf(int outcome) => outcome switch
    {
        >= 0 => null,
        StoreFull => new Storage.StoreFullException("A receiver's store has no space."),
        RetainedFull => new Storage.RetainedFullException(),
        HandlerFailed => new HandlerFailedException("A handler has failed."),
        <= Denied and >= Denied - byte.MaxValue => new PublishDeniedException((ReasonCode)(Denied - outcome)),
        _ => new IOException("A receiver could not take the message."),
    };

    /// <summary>Whether all who are to have the message have it nevertheless, so that nothing is gained by publishing it again.</summary>
    public static bool IsFinal(Exception failure) => failure is Storage.RetainedFullException or HandlerFailedException or PublishDeniedException;
}
