using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Codec;

/// <summary>100 PUBLISH in one buffer through the server's machine, whose owner does nothing with them. The figures are per packet.</summary>
[MemoryDiagnoser]
public class ReceivingBenchmarks
{
    private const int Count = 100;

    private readonly byte[] _small = SamplePackets.Repeat(SamplePackets.SmallPublish, Count);
    private readonly byte[] _rich = SamplePackets.Repeat(SamplePackets.RichPublish, Count);
    private readonly ServerConnection _v311 = new IdleHandler().Connect(ProtocolVersion.V311);
    private readonly ServerConnection _v50;

    /// <summary>Connects the two clients.</summary>
    public ReceivingBenchmarks()
    {
        var acknowledging = new AcknowledgingHandler();
        _v50 = acknowledging.Connection = acknowledging.Connect(ProtocolVersion.V50);
    }

    /// <summary>3.1.1, QoS 0, 64 bytes of payload.</summary>
    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public void SmallPublishes() => IdleHandler.Receive(_v311, _small);

    /// <summary>5.0, QoS 1, 256 bytes of payload, six properties.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void RichPublishes() => IdleHandler.Receive(_v50, _rich);

    /// <summary>Says of each message that it is acknowledged, as the Receive Maximum would end the connection otherwise.</summary>
    private sealed class AcknowledgingHandler : IdleHandler
    {
        public ServerConnection? Connection { get; set; }

        public override ProtocolError? OnPublish(in PublishFrame publish)
        {
            Connection!.Acknowledged();
            return null;
        }
    }
}
