using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Hooks;

/// <summary>Brokers with hooks that are functions of the test.</summary>
internal static class Hooked
{
    public delegate ValueTask<PacketVerdict> OnPacket(MqttConnection connection, PacketDirection direction, Packet packet, CancellationToken cancellationToken);

    public static Task<TestBroker> StartAsync(params OnPacket[] interceptors) => TestBroker.StartAsync(configure: services =>
    {
        foreach (var interceptor in interceptors) services.AddSingleton<IPacketInterceptor>(new Interceptor(interceptor));
    });

    public static Task<TestBroker> StartAsync(params Func<MqttConnection, Func<Task>, Task>[] middlewares) => TestBroker.StartAsync(configure: services =>
    {
        foreach (var middleware in middlewares) services.AddSingleton<IConnectionMiddleware>(new Middleware(middleware));
    });

    /// <summary>Packets of one type get a verdict, all others pass.</summary>
    public static OnPacket When(PacketDirection direction, PacketType type, Func<Packet, PacketVerdict> verdict) =>
        (_, way, packet, _) => new(way == direction && packet.Type == type ? verdict(packet) : PacketVerdict.Pass);

    internal sealed class Interceptor(OnPacket onPacket, Func<ListenerOptions, bool>? isFor = null) : IPacketInterceptor
    {
        public bool IsFor(ListenerOptions listener) => isFor?.Invoke(listener) ?? true;

        public ValueTask<PacketVerdict> OnPacketAsync(MqttConnection connection, PacketDirection direction, Packet packet, CancellationToken cancellationToken) =>
            onPacket(connection, direction, packet, cancellationToken);
    }

    internal sealed class Middleware(Func<MqttConnection, Func<Task>, Task> serve) : IConnectionMiddleware
    {
        public Task ServeAsync(MqttConnection connection, Func<Task> next) => serve(connection, next);
    }
}
