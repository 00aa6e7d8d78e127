using BenchmarkDotNet.Attributes;
using OrleansMqtt.Benchmarks.Codec;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>One message of 64 bytes to 100 subscribers, half of them 5.0 and half 3.1.1. The figures are per copy.</summary>
[MemoryDiagnoser]
public class FanoutBenchmarks
{
    private const string Topic = "site/7/announcements";
    private const int Subscribers = 100;
    private const int Batch = 10;

    private BareBroker _broker = null!;
    private RoutingHandler _publisher = null!;
    private byte[] _packet = null!, _packets = null!;

    /// <summary>Quality of service of the publishes and of the subscriptions.</summary>
    [Params(QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce)]
    public QualityOfService QoS { get; set; }

    /// <summary>Connects the clients; each has a filter that others share and one of its own.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _broker = new BareBroker();
        _publisher = new RoutingHandler(_broker.Router);
        for (var i = 0; i < Subscribers; i++)
        {
            var subscriber = _broker.Connect((i & 1) == 0 ? ProtocolVersion.V50 : ProtocolVersion.V311);
            _broker.Subscribe(subscriber, "site/7/#", QoS);
            _broker.Subscribe(subscriber, $"client/{i}/commands", QoS);
        }

        var publish = new PublishPacket { Topic = Topic, Payload = new byte[64], QoS = QoS, PacketId = (ushort)(QoS == 0 ? 0 : 1) };
        _packet = PacketEncoder.Encode(publish, ProtocolVersion.V311);
        _packets = SamplePackets.Repeat(_packet, Batch);
    }

    /// <summary>A message alone: 100 flushes; with QoS 1 every subscriber acknowledges it.</summary>
    [Benchmark(OperationsPerInvoke = Subscribers, Baseline = true)]
    public void Alone() => Publish(_packet, 1);

    /// <summary>10 messages that were read at once: still 100 flushes.</summary>
    [Benchmark(OperationsPerInvoke = Subscribers * Batch)]
    public void InABatch() => Publish(_packets, Batch);

    private void Publish(byte[] packets, int count)
    {
        using (DeliveryBatch.Begin()) _publisher.Receive(packets);
        if (QoS != QualityOfService.AtMostOnce) _broker.Acknowledge(count);
    }
}
