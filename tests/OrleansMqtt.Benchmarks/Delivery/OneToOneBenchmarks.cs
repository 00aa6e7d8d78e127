using BenchmarkDotNet.Attributes;
using OrleansMqtt.Benchmarks.Codec;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Benchmarks.Delivery;

/// <summary>
/// One publisher, one subscriber, 64 bytes: from the bytes read to the bytes handed to the transport. The figures are per message; the
/// difference between alone and in a batch is what the flush costs.
/// </summary>
[MemoryDiagnoser]
public class OneToOneBenchmarks
{
    private const string Topic = "site/7/device/42/temperature/value";
    private const int Batch = 100;

    private BareBroker _broker = null!;
    private RoutingHandler _publisher = null!;
    private byte[] _packet = null!, _packets = null!;

    /// <summary>Quality of service of the publishes and of the subscription.</summary>
    [Params(QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce)]
    public QualityOfService QoS { get; set; }

    /// <summary>Connects both clients.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _broker = new BareBroker();
        _publisher = new RoutingHandler(_broker.Router);
        _broker.Subscribe(_broker.Connect(ProtocolVersion.V311), Topic, QoS);
        var publish = new PublishPacket { Topic = Topic, Payload = new byte[64], QoS = QoS, PacketId = (ushort)(QoS == 0 ? 0 : 1) };
        _packet = PacketEncoder.Encode(publish, ProtocolVersion.V311);
        _packets = SamplePackets.Repeat(_packet, Batch);
    }

    /// <summary>A message alone, flushed at once; with QoS 1 the subscriber acknowledges it.</summary>
    [Benchmark(Baseline = true)]
    public void Alone() => Publish(_packet, 1);

    /// <summary>100 messages that were read at once.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void InABatch() => Publish(_packets, Batch);

    private void Publish(byte[] packets, int count)
    {
        using (DeliveryBatch.Begin()) _publisher.Receive(packets);
        if (QoS != QualityOfService.AtMostOnce) _broker.Acknowledge(count);
    }
}
