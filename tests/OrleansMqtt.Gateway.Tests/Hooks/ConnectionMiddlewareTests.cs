using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.Gateway.Tests.Hooks;

public sealed class ConnectionMiddlewareTests
{
    [Fact]
    public async Task Middlewares_stand_around_the_connection_in_their_order()
    {
        var steps = new ConcurrentQueue<string>();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = await Hooked.StartAsync(
            async (connection, next) =>
            {
                steps.Enqueue($"outer begins with '{connection.ClientId}'");
                connection.Items["name"] = "kept";
                await next();
                steps.Enqueue($"outer ends with '{connection.ClientId}'");
                over.SetResult();
            },
            async (connection, next) =>
            {
                steps.Enqueue($"inner begins, {connection.Items["name"]}");
                await next();
                steps.Enqueue("inner ends");
            });
        var client = await broker.ConnectAsync("one");
        steps.Enqueue("connected");
        await client.DisconnectAsync();
        await over.Task.GuardAsync();

        Assert.Equal(["outer begins with ''", "inner begins, kept", "connected", "inner ends", "outer ends with 'one'"], steps);
    }

    [Fact]
    public async Task Who_does_not_call_what_is_next_closes_the_connection()
    {
        await using var broker = await Hooked.StartAsync(static (_, _) => Task.CompletedTask);
        var client = broker.Open();

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task One_that_throws_before_closes_its_connection_and_no_other()
    {
        var first = 1;
        await using var broker = await Hooked.StartAsync((_, next) => Interlocked.Exchange(ref first, 0) == 1 ? throw new InvalidOperationException("a defect") : next());
        var client = broker.Open();

        await client.ExpectClosedAsync();
        await (await broker.ConnectAsync("other")).ExpectNothingAsync();
    }

    [Fact]
    public async Task One_that_waits_too_long_before_is_waited_for_as_long_as_a_client_has_to_connect()
    {
        var begun = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = await Hooked.StartAsync((connection, _) =>
        {
            begun.SetResult(connection.Ended);
            return new TaskCompletionSource().Task;
        });
        var client = broker.Open();
        var ended = await begun.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken);
        broker.Time.Advance(TimeSpan.FromMinutes(1));

        await client.ExpectClosedAsync();
        Assert.True(ended.IsCancellationRequested);
    }

    [Fact]
    public async Task A_connection_can_be_closed_from_outside()
    {
        var known = new TaskCompletionSource<MqttConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var broker = await Hooked.StartAsync((connection, next) =>
        {
            known.SetResult(connection);
            return next();
        });
        var client = await broker.ConnectAsync("on\ne");
        var connection = await known.Task;
        Assert.StartsWith("client on\\u000Ae at ", connection.ToString(), StringComparison.Ordinal);
        connection.Close(ReasonCode.AdministrativeAction, "enough");

        await client.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
    }

    [Fact]
    public async Task No_hook_runs_on_a_thread_that_reads_sockets()
    {
        var cancel = TestContext.Current.CancellationToken;
        var threads = new ConcurrentQueue<(string At, bool IsOfPool)>();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(string at) => threads.Enqueue((at, Thread.CurrentThread.IsThreadPoolThread));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.UseOrleans(static silo => silo.RunAlone().AddMqttGrains().AddMqttMemoryStore());
        builder.Services.AddMqttGateway(new GatewayOptions { SysInterval = TimeSpan.Zero, Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }] });
        builder.Services.AddSingleton<IConnectionMiddleware>(new Hooked.Middleware(async (_, next) =>
        {
            Note("before");
            await next();
            Note("after");
            over.SetResult();
        }));
        builder.Services.AddSingleton<IPacketInterceptor>(new Hooked.Interceptor((_, direction, packet, _) =>
        {
            Note($"{direction} {packet.Type}");
            return new(PacketVerdict.Pass);
        }));
        using var host = builder.Build();
        await host.StartAsync(cancel);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint, cancel);
        await using var stream = new NetworkStream(socket);
        var answer = new byte[100];
        await stream.WriteAsync(PacketEncoder.Encode(new ConnectPacket { ClientId = "client", CleanStart = true }, ProtocolVersion.V50), cancel);
        await stream.ReadAtLeastAsync(answer, 2, cancellationToken: cancel);
        await stream.WriteAsync(PacketEncoder.Encode(PingReqPacket.Instance, ProtocolVersion.V50), cancel);
        await stream.ReadAtLeastAsync(answer, 2, cancellationToken: cancel);
        await stream.WriteAsync(PacketEncoder.Encode(new DisconnectPacket(), ProtocolVersion.V50), cancel);
        Assert.Equal(0, await stream.ReadAsync(answer, cancel));
        await over.Task.GuardAsync();
        await host.StopAsync(cancel);

        string[] at = ["before", "Received Connect", "Sent ConnAck", "Received PingReq", "Sent PingResp", "Received Disconnect", "after"];
        Assert.Equal([.. at.Select(static place => (place, true))], threads);
    }
}
