using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>
/// The packet identifiers of a publisher: which are free, and how far the others are. As many as messages may be unacknowledged, and given
/// out in the order in which they became free. For two threads: the one that publishes and the one that reads.
/// </summary>
internal sealed class InflightWindow
{
    private readonly Lock _lock = new();
    private readonly ushort[] _free; // A ring.
    private readonly PacketType[] _awaited; // By identifier: the packet that must come next, or 0.
    private readonly QualityOfService _qos;
    private int _firstFree;
    private int _freeCount;

    /// <summary>Makes a window with everything free.</summary>
    /// <param name="size">1 to 65,535.</param>
    /// <param name="qos">1 or 2.</param>
    public InflightWindow(int size, QualityOfService qos)
    {
        _free = [.. Enumerable.Range(1, size).Select(static identifier => (ushort)identifier)];
        _awaited = new PacketType[size + 1];
        _freeCount = size;
        _qos = qos;
    }

    /// <summary>How many messages may be sent now.</summary>
    public int FreeCount
    {
        get
        {
            lock (_lock) return _freeCount;
        }
    }

    /// <summary>Takes an identifier for a message; one must be free.</summary>
    public ushort Take()
    {
        lock (_lock)
        {
            var identifier = _free[_firstFree];
            _firstFree = (_firstFree + 1) % _free.Length;
            _freeCount--;
            _awaited[identifier] = _qos == QualityOfService.ExactlyOnce ? PacketType.PubRec : PacketType.PubAck;
            return identifier;
        }
    }

    /// <summary>Takes in PUBACK, PUBREC or PUBCOMP.</summary>
    public InflightStep Acknowledge(PacketType type, ushort identifier, ReasonCode reason)
    {
        lock (_lock)
        {
            if (identifier >= _awaited.Length || _awaited[identifier] != type) return InflightStep.Violation;
            if (type == PacketType.PubRec && !reason.IsFailure())
            {
                _awaited[identifier] = PacketType.PubComp;
                return InflightStep.Release;
            }

            _awaited[identifier] = 0;
            _free[(_firstFree + _freeCount) % _free.Length] = identifier;
            _freeCount++;
            // A PUBCOMP "not found" is no refusal: the broker had the message, as its PUBREC said.
            return reason.IsFailure() && type != PacketType.PubComp ? InflightStep.Refused : InflightStep.Finished;
        }
    }
}
