namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// The QoS 1 and 2 messages that one sender has in flight, by packet identifier. Each message has a sequence number;
/// its packet identifier is the number modulo 65,535, plus one. So an identifier is never in use twice [MQTT-2.2.1-4], finding one
/// is arithmetic, and a restored session gives its messages the identifiers they had before [MQTT-4.4.0-1] without storing them.
/// Not thread-safe.
/// </summary>
/// <typeparam name="T">What is kept with each message until it is acknowledged.</typeparam>
public sealed class OutboundWindow<T>
{
    private const int Identifiers = PacketIdentifiers.Count;
    private Slot[] _ring = [];
    private int _start;
    private int _span;
    private long _first;

    private struct Slot
    {
        public InflightState State;
        public T Value;
    }

    /// <summary>Creates an empty window; the next message is number <paramref name="nextSequence"/>.</summary>
    public OutboundWindow(long nextSequence = 0) => _first = nextSequence;

    /// <summary>Messages in flight.</summary>
    public int Count { get; private set; }

    /// <summary>The number that <see cref="Add(InflightState, T)"/> will give.</summary>
    public long NextSequence => _first + _span;

    /// <summary>Whether an identifier is left: the oldest unacknowledged message must be fewer than 65,535 numbers back.</summary>
    public bool HasRoom => _span < Identifiers;

    /// <summary>Whether message number <paramref name="sequence"/> can be added now.</summary>
    public bool Fits(long sequence) => _span == 0 || (sequence - _first >= _span && sequence - _first < Identifiers);

    /// <summary>Adds the next message and returns its packet identifier.</summary>
    /// <exception cref="InvalidOperationException">No identifier is left; see <see cref="HasRoom"/>.</exception>
    public ushort Add(InflightState state, T value) => Add(NextSequence, state, value);

    /// <summary>Adds message number <paramref name="sequence"/>, at or after <see cref="NextSequence"/>; numbers in between stay unused.</summary>
    /// <exception cref="InvalidOperationException">The number is already passed, or no identifier is left.</exception>
    public ushort Add(long sequence, InflightState state, T value)
    {
        if (_span == 0) _first = Math.Max(_first, sequence);
        var offset = sequence - _first;
        if (offset < _span || offset >= Identifiers) throw new InvalidOperationException($"Message {sequence} does not fit a window of {_span} from {_first}.");
        if (offset >= _ring.Length) Grow((int)offset + 1);
        _span = (int)offset + 1;
        ref var slot = ref At((int)offset);
        slot.State = state;
        slot.Value = value;
        Count++;
        return PacketIdentifiers.Of(sequence);
    }

    /// <summary>The state under <paramref name="packetId"/>, its message's number and value; <see cref="InflightState.Free"/> when there is none.</summary>
    public InflightState Find(ushort packetId, out long sequence, out T? value)
    {
        var offset = OffsetOf(packetId);
        if (offset < 0)
        {
            (sequence, value) = (-1, default);
            return InflightState.Free;
        }
        ref var slot = ref At(offset);
        (sequence, value) = (_first + offset, slot.Value);
        return slot.State;
    }

    /// <summary>Moves a QoS 2 message from awaiting PUBREC to awaiting PUBCOMP; <paramref name="rest"/> is what is still kept with it. False when it is in neither state.</summary>
    public bool Release(ushort packetId, T rest)
    {
        var offset = OffsetOf(packetId);
        if (offset < 0) return false;
        ref var slot = ref At(offset);
        if (slot.State is not (InflightState.AwaitingPubRec or InflightState.AwaitingPubComp)) return false;
        slot.State = InflightState.AwaitingPubComp;
        slot.Value = rest;
        return true;
    }

    /// <summary>Takes the message off the window. False when none stands under <paramref name="packetId"/>.</summary>
    public bool Remove(ushort packetId)
    {
        var offset = OffsetOf(packetId);
        if (offset < 0) return false;
        At(offset) = default;
        Count--;
        while (_span > 0 && At(0).State == InflightState.Free)
        {
            _start = (_start + 1) & (_ring.Length - 1);
            _first++;
            _span--;
        }
        return true;
    }

    /// <summary>The messages in flight, oldest first.</summary>
    public IEnumerable<(long Sequence, InflightState State, T Value)> Entries() => _span == 0 ? [] : EnumerateEntries();

    private IEnumerable<(long Sequence, InflightState State, T Value)> EnumerateEntries()
    {
        for (var i = 0; i < _span; i++)
        {
            var slot = At(i);
            if (slot.State != InflightState.Free) yield return (_first + i, slot.State, slot.Value);
        }
    }

    private ref Slot At(int offset) => ref _ring[(_start + offset) & (_ring.Length - 1)];

    private int OffsetOf(ushort packetId)
    {
        if (packetId == 0 || _span == 0) return -1;
        var offset = packetId - PacketIdentifiers.Of(_first);
        if (offset < 0) offset += Identifiers;
        return offset < _span && At(offset).State != InflightState.Free ? offset : -1;
    }

    private void Grow(int needed)
    {
        var ring = new Slot[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, 4))];
        for (var i = 0; i < _span; i++) ring[i] = At(i);
        (_ring, _start) = (ring, 0);
    }
}
