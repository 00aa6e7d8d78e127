using OrleansMqtt.Cli.Bench.Clients;
using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>One subscribing connection: enters what comes into its ledger, acknowledges it, and tells the publishers it came from.</summary>
internal sealed class Subscriber : IFrameReceiver
{
    private readonly AcknowledgementBatch _acknowledgements;
    private readonly ReceivedIdentifiers _received = new();

    /// <summary>Makes a subscriber without connection.</summary>
    /// <param name="version">Version of the connection.</param>
    /// <param name="ledger">Where messages are entered.</param>
    /// <param name="time">Clock.</param>
    public Subscriber(ProtocolVersion version, ReceiptLedger ledger, TimeProvider time)
    {
        _acknowledgements = new AcknowledgementBatch(version);
        Ledger = ledger;
        Client = new BenchClient(this, time, BenchClient.BusyBuffer);
    }

    /// <summary>Its connection.</summary>
    public BenchClient Client { get; }

    /// <summary>What it received.</summary>
    public ReceiptLedger Ledger { get; }

    /// <summary>The publishers whose messages it gets; set before there are any.</summary>
    public IReadOnlyList<Publisher> Publishers { get; set; } = [];

    /// <inheritdoc/>
    public ProtocolError? Publish(in PublishFrame frame, long now)
    {
        switch (frame.QoS)
        {
            case QualityOfService.AtLeastOnce:
                _acknowledgements.Add(PacketType.PubAck, frame.PacketId); // [MQTT-4.3.2-4]
                break;
            case QualityOfService.ExactlyOnce:
                _acknowledgements.Add(PacketType.PubRec, frame.PacketId); // [MQTT-4.3.3-8]
                if (!_received.Add(frame.PacketId)) return null; // The same message again, by the protocol [MQTT-4.3.3-10].
                break;
        }

        Ledger.Enter(frame.Payload, now);
        return null;
    }

    /// <inheritdoc/>
    public ProtocolError? Acknowledge(AcknowledgementFrame frame)
    {
        if (frame.Type != PacketType.PubRel) return new(ReasonCode.ProtocolError, "An acknowledgement came to a client that did not publish.");
        _received.Remove(frame.PacketId);
        _acknowledgements.Add(PacketType.PubComp, frame.PacketId); // [MQTT-4.3.3-11]
        return null;
    }

    /// <inheritdoc/>
    public void EndBatch()
    {
        if (!Client.HasEnded) _acknowledgements.Send(Client.Outgoing);
        Interlocked.MemoryBarrier(); // See AheadLimit: first what was received, then who waits for it.
        for (var i = 0; i < Publishers.Count; i++) Publishers[i].WakeIfNear();
    }
}
