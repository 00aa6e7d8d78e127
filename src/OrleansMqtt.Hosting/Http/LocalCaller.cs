using System.Net;
using Microsoft.AspNetCore.Http;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Recognizes callers on this machine: who is here may administer the process, there being no other proof.</summary>
internal static class LocalCaller
{
    // A page in a browser of this machine, and a proxy, speak for others.
    private static readonly string[] OfOthers = ["Origin", "Forwarded", "X-Forwarded-For", "Via"];

    /// <summary>Whether a request is of such a one, and of nobody else through it.</summary>
    public static bool Is(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !OfOthers.Any(context.Request.Headers.ContainsKey) && IsLocalName(context.Request.Host.Host);

    // Any other name was made to lead here.
    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
