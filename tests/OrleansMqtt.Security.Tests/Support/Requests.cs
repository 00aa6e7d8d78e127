using System.Net;
using System.Text;

namespace OrleansMqtt.Security.Tests.Support;

/// <summary>What clients show.</summary>
internal static class Requests
{
    public static AuthenticationRequest Of(string? user, string? password, string clientId = "client-1") => new()
    {
        ClientId = clientId,
        UserName = user,
        Password = password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(password),
        Listener = "field",
        Remote = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_000),
    };
}
