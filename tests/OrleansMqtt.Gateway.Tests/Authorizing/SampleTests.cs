using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Samples.Security;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

/// <summary>What the samples promise.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task A_key_s_owner_has_its_own_topics()
    {
        var owners = new Dictionary<string, string> { [Convert.ToHexString(SHA256.HashData("secret"u8))] = "alice" };
        await using var broker = await TestBroker.StartAsync(
            options: new GatewayOptions { SysInterval = TimeSpan.Zero, Authentication = Doors.AtOnce },
            configure: services => services.AddSingleton<IReadOnlyDictionary<string, string>>(owners).AddMqttAuthenticator<ApiKeyAuthenticator>().AddMqttAuthorizer<OwnTopicsAuthorizer>());
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await broker.TryConnectAsync(Doors.As("key", password: "guess")));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await broker.TryConnectAsync(Doors.As("alice")));

        var client = await broker.ConnectAsync(Doors.As("key", password: "secret"));
        Assert.Equal(
            [ReasonCode.GrantedQos0, ReasonCode.GrantedQos0, ReasonCode.NotAuthorized, ReasonCode.NotAuthorized],
            await client.SubscribeAsync(new Subscription { Filter = "users/alice/#" }, new Subscription { Filter = "public/#" }, new Subscription { Filter = "users/#" }, new Subscription { Filter = "#" }));
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("users/bob/x", "x", QualityOfService.AtLeastOnce));
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("public/x", "x", QualityOfService.AtLeastOnce));
        await client.PublishAsync("users/alice/x", "x");
        Assert.Equal("x", await client.ReceiveTextAsync());
    }
}
