using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Sessions;

/// <summary>What a persistent client does when the silo of its session has been lost.</summary>
public sealed class LostSessionSiloTests
{
    // What the session's next activation says, and what a call says whose silo dies under it.
    public static TheoryData<string, Func<object>> Answers => new()
    {
        { "an activation that knows no connection", static () => Task.FromResult(false) },
        { "nobody", static () => Task.FromException<bool>(new Orleans.Runtime.SiloUnavailableException("It was lost.")) },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task It_is_told_to_connect_again_and_not_that_another_connection_has_its_session(string who, Func<object> answer)
    {
        Assert.NotEmpty(who);
        await using var mesh = await TestMesh.StartAsync();
        var isLost = false;
        mesh.BetweenGrains = grains => Intercepted.Grains<ISessionGrain>(grains, (method, next) => Volatile.Read(ref isLost) && method == nameof(ISessionGrain.OperateAsync) ? answer() : next());
        var gateway = await mesh.AddGatewayAsync("g");
        var (subscriber, publisher) = (await gateway.ConnectAsync("s", sessionExpiry: 100), await gateway.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("t", "hello", QualityOfService.AtLeastOnce);
        var message = await subscriber.ReceiveAsync<PublishPacket>();
        Volatile.Write(ref isLost, true);
        await subscriber.SendAsync(new AcknowledgementPacket(PacketType.PubAck) { PacketId = message.PacketId });

        await subscriber.ExpectDisconnectAsync(ReasonCode.ServerBusy);
    }
}
