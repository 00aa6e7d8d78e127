using System.Threading.Channels;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>A client that reads and acknowledges all by itself, until its connection ends.</summary>
internal sealed class Listener
{
    private readonly TestClient _client;
    private readonly Channel<Packet> _answers = Channel.CreateUnbounded<Packet>();

    public Listener(TestClient client)
    {
        _client = client;
        Ended = ReadAsync();
    }

    /// <summary>Completed when the broker has closed the connection.</summary>
    public Task Ended { get; }

    /// <summary>Sends a packet and waits for what answers it; null when the connection ends first.</summary>
    public async Task<Packet?> AskAsync(Packet packet)
    {
        await _client.SendAsync(packet);
        return await _answers.Reader.WaitToReadAsync() && _answers.Reader.TryRead(out var answer) ? answer : null;
    }

    public ushort NextPacketId() => _client.NextPacketId();

    /// <summary>Says goodbye.</summary>
    public async Task LeaveAsync(DisconnectPacket goodbye)
    {
        await _client.SendAsync(goodbye);
        await Ended;
    }

    private async Task ReadAsync()
    {
        while (await _client.ReceiveAsync() is { } packet)
        {
            switch (packet)
            {
                case PublishPacket { QoS: QualityOfService.AtLeastOnce } publish:
                    await _client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                    break;
                case PublishPacket { QoS: QualityOfService.ExactlyOnce } publish:
                    await _client.AcknowledgeAsync(PacketType.PubRec, publish.PacketId);
                    break;
                case AcknowledgementPacket { Type: PacketType.PubRel } release:
                    await _client.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                    break;
                case PublishPacket or DisconnectPacket:
                    break;
                default:
                    _answers.Writer.TryWrite(packet);
                    break;
            }
        }
        _answers.Writer.Complete();
    }
}
