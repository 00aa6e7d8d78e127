using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;

namespace OrleansMqtt.Gateway.Tests.Hooks;

/// <summary>A connection whose packets pass a function of the test: the client's end, and what a broker would have.</summary>
internal sealed class Tapped(IDuplexPipe client, PacketConnection broker) : IAsyncDisposable
{
    public IDuplexPipe Client => client;

    public PacketConnection Broker => broker;

    public static async Task<Tapped> OpenAsync(Frames frames, GatewayLimits? limits = null)
    {
        var transport = new InMemoryTransport();
        var listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 1883));
        var client = transport.Connect();
        var below = await listener.AcceptAsync();
        var used = limits ?? new GatewayLimits();
        var connection = new PacketConnection(below!, new Interceptor(frames), () => used, NullLogger.Instance);
        connection.Start();
        return new Tapped(client, connection);
    }

    /// <summary>What comes until the other end says that it is all.</summary>
    public static async Task<string> ReadToEndAsync(PipeReader reader)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        using var received = new MemoryStream();
        await reader.CopyToAsync(received, guard.Token);
        return Convert.ToHexString(received.ToArray());
    }

    public static async Task<string> ReadAsync(PipeReader reader, int count)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        var result = await reader.ReadAtLeastAsync(count, guard.Token);
        var bytes = Convert.ToHexString(result.Buffer.ToArray());
        reader.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        client.Output.Complete();
        client.Input.Complete();
        await broker.DisposeAsync().AsTask().WaitAsync(TestBroker.HangGuard);
    }

    internal delegate ValueTask<bool> Frames(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended);

    private sealed class Interceptor(Frames frames) : IFrameInterceptor
    {
        public ValueTask<bool> OnFrameAsync(PacketDirection direction, ReadOnlyMemory<byte> frame, IBufferWriter<byte> onward, CancellationToken ended) => frames(direction, frame, onward, ended);
    }
}
