using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Authorizing;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>The same over sockets, each engine of which has a reader of its own.</summary>
public sealed class TcpAuthenticationTests
{
    public static TheoryData<SocketEngine> Engines => OperatingSystem.IsLinux() ? [SocketEngine.Epoll, SocketEngine.Kestrel] : [SocketEngine.Kestrel];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<IHost> StartAsync(SocketEngine engine, IAuthenticator authenticator, Rules? rules = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging().AddSingleton(authenticator);
        if (rules is not null) builder.Services.AddSingleton<IAuthorizer>(rules);
        builder.UseOrleans(silo => silo.RunAlone().AddMqttGrains().AddMqttMemoryStore());
        builder.Services.AddMqttGateway(new GatewayOptions { SysInterval = TimeSpan.Zero, Sockets = engine, Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }] });
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    private static async Task<Socket> ConnectAsync(IHost host)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint, Cancel);
        return socket;
    }

    private static byte[] Encode(params Packet[] packets) => [.. packets.SelectMany(static packet => PacketEncoder.Encode(packet, ProtocolVersion.V50))];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Nobody_is_asked_on_a_thread_that_reads_and_nothing_that_comes_meanwhile_is_lost(SocketEngine engine)
    {
        var (asked, answer, onPool) = (new TaskCompletionSource(), new TaskCompletionSource<AuthenticationResult>(TaskCreationOptions.RunContinuationsAsynchronously), true);
        var rules = new Rules();
        rules.Answer = _ =>
        {
            onPool &= Thread.CurrentThread.IsThreadPoolThread;
            return AuthorizationResult.Allow;
        };
        using var host = await StartAsync(engine, new Asked("slow", (_, _) =>
        {
            onPool &= Thread.CurrentThread.IsThreadPoolThread;
            asked.SetResult();
            return new(answer.Task);
        }), rules);
        using var socket = await ConnectAsync(host);
        // Part of it with CONNECT, part of it while it is asked, part of it behind CONNACK.
        await socket.SendAsync(Encode(Doors.As("alice"), new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] }), Cancel);
        await asked.Task.GuardAsync();
        await socket.SendAsync(Encode(new PublishPacket { Topic = "a", Payload = "x"u8.ToArray() }), Cancel);
        answer.SetResult(AuthenticationResult.Allow(new ClientIdentity("alice")));
        await socket.SendAsync(Encode(new PublishPacket { Topic = "b", Payload = "x"u8.ToArray() }, new PublishPacket { Topic = "a", Payload = "y"u8.ToArray() }, new DisconnectPacket()), Cancel);

        using var stream = new NetworkStream(socket);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, Cancel).GuardAsync();
        var types = new List<PacketType>();
        for (var rest = received.ToArray().AsSpan(); !rest.IsEmpty;)
        {
            Assert.Equal(FrameStatus.Complete, FrameHeader.TryParse(rest, uint.MaxValue, out var header, out _));
            types.Add(header.Type);
            rest = rest[header.TotalLength..];
        }
        Assert.Equal([PacketType.ConnAck, PacketType.SubAck, PacketType.Publish, PacketType.Publish], types);
        Assert.True(onPool);
        await host.StopAsync(Cancel);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Who_leaves_is_asked_about_no_longer(SocketEngine engine)
    {
        var (asked, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var host = await StartAsync(engine, new Asked("slow", async (_, token) =>
        {
            await using var registration = token.Register(cancelled.SetResult);
            asked.SetResult();
            await cancelled.Task;
            token.ThrowIfCancellationRequested();
            return AuthenticationResult.Next;
        }));
        var socket = await ConnectAsync(host);
        await socket.SendAsync(Encode(Doors.As("alice")), Cancel);
        await asked.Task.GuardAsync();
        socket.Dispose();
        await cancelled.Task.GuardAsync();
        await host.StopAsync(Cancel);
    }
}
