using BenchmarkDotNet.Attributes;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Codec;

/// <summary>PUBLISH on its way out. A fan-out encodes each shape of the packet once and copies it for every further receiver.</summary>
[MemoryDiagnoser]
public class EncodingBenchmarks
{
    private const int Receivers = 100;

    private readonly byte[] _destination = new byte[1_024];
    private readonly Message _message = Forwarded();

    /// <summary>One packet straight into a buffer, QoS 0 for a 3.1.1 client.</summary>
    [Benchmark(Baseline = true)]
    public int Once() => PublishEncoder.Write(
        _destination, ProtocolVersion.V311, QualityOfService.AtMostOnce, false, false, _message.Topic, 0, 0, null, [], default, _message.Payload);

    /// <summary>One packet straight into a buffer, QoS 1 for a 5.0 client with properties, expiry and a subscription identifier.</summary>
    [Benchmark]
    public int OnceRich() => PublishEncoder.Write(
        _destination, ProtocolVersion.V50, QualityOfService.AtLeastOnce, false, false, _message.Topic, 1, 0, 3_600, [5], _message.Properties, _message.Payload);

    /// <summary>The fan-out's share of one delivery among 100: QoS 1, 5.0.</summary>
    [Benchmark(OperationsPerInvoke = Receivers)]
    public int FanoutOfOneShape()
    {
        var fanout = new Fanout(new PublishView(_message), 0);
        var offset = 0;
        for (var i = 0; i < Receivers; i++)
            fanout.Encode(ProtocolVersion.V50, QualityOfService.AtLeastOnce, false, out offset).CopyTo(_destination);
        return offset;
    }

    /// <summary>The same where the receivers are of two versions and two qualities of service.</summary>
    [Benchmark(OperationsPerInvoke = Receivers)]
    public int FanoutOfFourShapes()
    {
        var fanout = new Fanout(new PublishView(_message), 0);
        var offset = 0;
        for (var i = 0; i < Receivers; i++)
            fanout.Encode((i & 1) == 0 ? ProtocolVersion.V50 : ProtocolVersion.V311, (QualityOfService)(i >> 1 & 1), false, out offset).CopyTo(_destination);
        return offset;
    }

    private static Message Forwarded()
    {
        var bytes = SamplePackets.RichPublish;
        FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out _);
        PublishFrame.TryDecode(header.FirstByte, bytes.AsSpan(header.HeaderLength), ProtocolVersion.V50, PublishOrigin.Client, out var frame);
        var properties = new byte[frame.ForwardedPropertiesLength];
        frame.CopyForwardedProperties(properties);
        return new Message(frame.Topic, properties, frame.Payload) { QoS = QualityOfService.AtLeastOnce };
    }
}
