using BenchmarkDotNet.Attributes;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Codec;

/// <summary>From the bytes of one packet to what they say. The two PUBLISH should allocate nothing.</summary>
[MemoryDiagnoser]
public class DecodingBenchmarks
{
    private readonly byte[] _smallPublish = SamplePackets.SmallPublish;
    private readonly byte[] _richPublish = SamplePackets.RichPublish;
    private readonly byte[] _subscribe = SamplePackets.Subscribe;
    private readonly byte[] _connect = SamplePackets.Connect;

    /// <summary>PUBLISH, 3.1.1, QoS 0, 64 bytes of payload.</summary>
    [Benchmark(Baseline = true)]
    public int SmallPublish() => DecodePublish(_smallPublish, ProtocolVersion.V311);

    /// <summary>PUBLISH, 5.0, QoS 1, 256 bytes of payload, six properties.</summary>
    [Benchmark]
    public int RichPublish() => DecodePublish(_richPublish, ProtocolVersion.V50);

    /// <summary>SUBSCRIBE to three filters.</summary>
    [Benchmark]
    public Packet? Subscribe() => Decode(_subscribe);

    /// <summary>CONNECT with a will and properties.</summary>
    [Benchmark]
    public Packet? Connect() => Decode(_connect);

    private static int DecodePublish(byte[] bytes, ProtocolVersion version)
    {
        FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out _);
        var error = PublishFrame.TryDecode(header.FirstByte, bytes.AsSpan(header.HeaderLength), version, PublishOrigin.Client, out var frame);
        return error is null ? frame.Payload.Length + frame.ForwardedPropertiesLength : throw new InvalidOperationException(error.ToString());
    }

    private static Packet? Decode(byte[] bytes)
    {
        FrameHeader.TryParse(bytes, uint.MaxValue, out var header, out _);
        var error = PacketDecoder.Decode(header.FirstByte, bytes.AsSpan(header.HeaderLength), ProtocolVersion.V50, out var packet);
        return error is null ? packet : throw new InvalidOperationException(error.ToString());
    }
}
