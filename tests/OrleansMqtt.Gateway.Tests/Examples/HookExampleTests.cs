using System.Diagnostics.Metrics;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Examples;

public class HookExampleTests
{
    private sealed class Durations(TimeProvider time) : IConnectionMiddleware
    {
        private static readonly Histogram<double> Seconds = new Meter("Examples").CreateHistogram<double>("connections.duration", "s");

        public async Task ServeAsync(MqttConnection connection, Func<Task> next)
        {
            var start = time.GetTimestamp();
            await next();
            Seconds.Record(time.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("listener", connection.Listener));
        }
    }

    private sealed class NoBigSubscriptions : IPacketInterceptor
    {
        public ValueTask<PacketVerdict> OnPacketAsync(MqttConnection connection, PacketDirection direction, Packet packet, CancellationToken cancellationToken) => new(packet switch
        {
            SubscribePacket { Subscriptions.Count: > 100 } => PacketVerdict.Close(ReasonCode.QuotaExceeded, "too many filters in one packet"),
            _ => PacketVerdict.Pass,
        });
    }

    [Fact]
    public async Task Hooks_stand_around_connections_and_packets()
    {
        var recorded = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var meters = new MeterListener();
        meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Examples") listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((_, seconds, _, _) => recorded.TrySetResult(seconds));
        meters.Start();
        await using var broker = await TestBroker.StartAsync(configure: static services => services.AddMqttConnectionMiddleware<Durations>().AddMqttPacketInterceptor<NoBigSubscriptions>());
        var client = await broker.ConnectAsync("greedy");
        broker.Time.Advance(TimeSpan.FromSeconds(3));
        await client.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [.. Enumerable.Range(0, 101).Select(static number => new Subscription { Filter = $"a/{number}" })] });

        await client.ExpectDisconnectAsync(ReasonCode.QuotaExceeded);
        Assert.Equal(3, await recorded.Task.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken));
    }
}
