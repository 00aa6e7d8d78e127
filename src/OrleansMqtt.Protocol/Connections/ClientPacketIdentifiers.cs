namespace OrleansMqtt.Protocol.Connections;

/// <summary>The packet identifiers that one side has given out, for publishes and requests alike [MQTT-2.2.1-3] [MQTT-2.2.1-4].</summary>
internal sealed class ClientPacketIdentifiers
{
    private readonly HashSet<ushort> _taken = [];
    private ushort _last;

    /// <summary>Takes an identifier that is not in use, the one longest unused as far as possible; false if all 65,535 are in
    /// use.</summary>
    public bool TryTake(out ushort identifier)
    {
        identifier = 0;
        if (_taken.Count == ushort.MaxValue)
        {
            return false;
        }

        do
        {
            _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        }
        while (!_taken.Add(_last));

        identifier = _last;
        return true;
    }

    /// <summary>Makes an identifier free for new use.</summary>
    public void Release(ushort identifier) => _taken.Remove(identifier);
}
