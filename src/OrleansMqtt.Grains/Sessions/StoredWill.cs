using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Grains.Sessions;

/// <summary>A will as the session's document holds it: plain values, whatever serializer the grain storage uses.</summary>
[GenerateSerializer, Alias("OrleansMqtt.StoredWill")]
internal sealed class StoredWill
{
    [Id(0)] public byte[] Topic { get; set; } = [];

    [Id(1)] public byte[] Properties { get; set; } = [];

    [Id(2)] public byte[] Payload { get; set; } = [];

    [Id(3)] public QualityOfService QoS { get; set; }

    [Id(4)] public bool Retain { get; set; }

    /// <summary>Will Delay Interval, seconds.</summary>
    [Id(5)] public uint Delay { get; set; }

    /// <summary>Message Expiry Interval, seconds from publication; null for none.</summary>
    [Id(6)] public uint? Expiry { get; set; }

    public static StoredWill Of(WillMessage will) => new()
    {
        Topic = will.Message.Topic.ToArray(),
        Properties = will.Message.Properties.ToArray(),
        Payload = will.Message.Payload.ToArray(),
        QoS = will.Message.QoS,
        Retain = will.Message.Retain,
        Delay = will.Delay,
        Expiry = will.Expiry,
    };

    public WillMessage ToWill() => new(new Message(Topic, Properties, Payload) { QoS = QoS, Retain = Retain }, Delay, Expiry);
}
