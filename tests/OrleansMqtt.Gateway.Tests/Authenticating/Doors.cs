using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>Brokers that ask, and clients that say who they are.</summary>
internal static class Doors
{
    /// <summary>Clients are refused at once.</summary>
    public static readonly AuthenticationOptions AtOnce = new() { FailureDelay = TimeSpan.Zero };

    /// <summary>A broker with these services.</summary>
    public static Task<TestBroker> StartAsync(
        IEnumerable<object> services, AuthenticationOptions? authentication = null, AuthorizationOptions? authorization = null, ListenerOptions? listener = null, GatewayLimits? limits = null) => TestBroker.StartAsync(
            options: new GatewayOptions { SysInterval = TimeSpan.Zero, Limits = limits ?? new(), Authentication = authentication ?? AtOnce, Authorization = authorization ?? new() },
            listener: listener,
            configure: collection =>
            {
                foreach (var service in services)
                {
                    if (service is IAuthenticator authenticator) collection.AddSingleton(authenticator);
                    if (service is IEnhancedAuthenticator enhanced) collection.AddSingleton(enhanced);
                    if (service is IAuthorizer authorizer) collection.AddSingleton(authorizer);
                }
            });

    /// <summary>A CONNECT of a user, with the name as password unless another is given.</summary>
    public static ConnectPacket As(string? user, string clientId = "client", ProtocolVersion version = ProtocolVersion.V50, string? password = null, uint? sessionExpiry = null, Will? will = null) => new()
    {
        Version = version, ClientId = clientId, UserName = user, Password = (password ?? user) is { } text ? Encoding.UTF8.GetBytes(text) : (ReadOnlyMemory<byte>?)null, CleanStart = sessionExpiry is null,
        SessionExpiryInterval = version == ProtocolVersion.V50 ? sessionExpiry : null, Will = will,
    };

    /// <summary>The broker's answer to a CONNECT, behind which it closes if it refuses.</summary>
    public static async Task<ReasonCode> TryConnectAsync(this TestBroker broker, ConnectPacket connect)
    {
        var client = broker.Open(connect.Version);
        await client.SendAsync(connect);
        var answer = (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode;
        if (answer != ReasonCode.Success) await client.ExpectClosedAsync();
        return answer;
    }

    public static ClientConnection ConnectionOf(this TestBroker broker, string clientId) => broker.Services.GetRequiredService<ConnectionRegistry>().Find(clientId)!;

    public static SecurityMetrics Security(this TestBroker broker) => broker.Services.GetRequiredService<SecurityMetrics>();
}
