using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Hosting;

namespace OrleansMqtt.Hosting.Gateways;

/// <summary>Recognizes that a listener could not have its address.</summary>
internal static class BindFailure
{
    /// <summary>Says it in one sentence; null for any other failure.</summary>
    public static string? Describe(Exception exception, IReadOnlyList<ListenerOptions> listeners)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is AddressInUseException or SocketException)
                return $"Cannot listen on {string.Join(" or ", listeners.Select(static l => $"{l.Bind} ({l.Name})"))}: {cause.Message.TrimEnd('.')}.";
        return null;
    }
}
