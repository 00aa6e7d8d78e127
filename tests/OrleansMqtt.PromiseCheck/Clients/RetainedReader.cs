using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>Reads retained messages, each time by a fresh subscription on a fresh session. Every topic has a value before the first
/// reader starts, so that none is a finding. Finished once it has read each topic after the run has settled.</summary>
internal sealed class RetainedReader(Surroundings surroundings, string clientId, IReadOnlyList<string> topics, double rate, int seed)
    : PersistentClient(surroundings, clientId)
{
    private const ushort RequestIdentifier = 1;

    /// <summary>How long the message may take behind SUBACK until it counts as none; the specification names no time.</summary>
    private static readonly TimeSpan ValuePatience = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(seed);
    private readonly Queue<string> _last = new(topics);
    private bool _isFinal;

    /// <inheritdoc/>
    protected override bool IsPersistent => false;

    /// <inheritdoc/>
    protected override bool IsFinished => _last.Count == 0;

    /// <summary>From now on only one read of each topic is left, which sees what all writers left.</summary>
    public void ReadFinally() => Volatile.Write(ref _isFinal, true);

    /// <inheritdoc/>
    protected override async Task ConverseAsync(Link link, ConnAckPacket connAck, CancellationToken stop)
    {
        SetReady();
        var isFinal = Volatile.Read(ref _isFinal);
        var topic = isFinal ? _last.Peek() : topics[_random.Next(topics.Count)];
        Record(new HistoryEvent { Kind = EventKind.ReadStarted, Topic = topic });
        var subscription = new Subscription { Filter = topic, MaximumQoS = QualityOfService.AtLeastOnce };
        await link.SendAsync(new SubscribePacket { PacketId = RequestIdentifier, Subscriptions = [subscription] }, stop);
        if (!await ReadAsync(link, topic, stop)) return;
        if (isFinal) _last.Dequeue();
        await DisconnectAsync(link, stop);
    }

    /// <inheritdoc/>
    protected override Task StayAwayAsync(CancellationToken stop) => Volatile.Read(ref _isFinal)
        ? Task.CompletedTask
        : PauseAsync(TimeSpan.FromSeconds(2 * _random.NextDouble() / rate), stop);

    /// <summary>Waits for the value; false if none can come: the connection is over, or the broker refuses.</summary>
    private async Task<bool> ReadAsync(Link link, string topic, CancellationToken stop)
    {
        var isGranted = false;
        while (true)
        {
            if (await NextAsync(link, isGranted ? ValuePatience : Patience, stop) is not { } reading)
            {
                Record(new HistoryEvent { Kind = EventKind.ReadAbandoned, Topic = topic, Reason = "the connection was lost" });
                return false;
            }

            switch (reading.Packet)
            {
                case null when isGranted:
                    Record(new HistoryEvent { Kind = EventKind.ReadFinished, Topic = topic });
                    return true;
                case null:
                    Record(new HistoryEvent { Kind = EventKind.ReadAbandoned, Topic = topic, Reason = "no SUBACK came" });
                    return true;
                case SubAckPacket { PacketId: RequestIdentifier, ReasonCodes: [var code] } when !code.IsFailure():
                    isGranted = true;
                    break;
                case SubAckPacket { PacketId: RequestIdentifier, ReasonCodes: [var code] }:
                    Record(new HistoryEvent { Kind = EventKind.ReadAbandoned, Topic = topic, Reason = $"the broker refused: {code}" });
                    return false;
                case PublishPacket { Retain: true } value:
                    Record(new HistoryEvent { Kind = EventKind.ReadFinished, Topic = value.Topic, Value = MessageText.Read(value.Payload.Span) });
                    return true;
                case PublishPacket:
                    // A live message: its way is not the retained message's, so it says nothing about the register.
                    Record(new HistoryEvent { Kind = EventKind.ReadAbandoned, Topic = topic, Reason = "a live message came first" });
                    return true;
                default:
                    RecordMalformed($"{reading.Packet.Type} came to a reader.");
                    break;
            }
        }
    }
}
