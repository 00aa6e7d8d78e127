namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>The QoS 2 packet identifiers between PUBLISH and PUBREL, one bit each.</summary>
internal sealed class ReceivedIdentifiers
{
    private const int BitsPerWord = 64;

    private ulong[] _words = []; // Made with the first identifier: most subscribers have none.

    /// <summary>Adds one; false if it is there.</summary>
    public bool Add(ushort identifier)
    {
        if (_words.Length == 0) _words = new ulong[(ushort.MaxValue + 1) / BitsPerWord];
        var (word, bit) = (identifier / BitsPerWord, 1UL << (identifier % BitsPerWord));
        if ((_words[word] & bit) != 0) return false;
        _words[word] |= bit;
        return true;
    }

    /// <summary>Removes one, if it is there.</summary>
    public void Remove(ushort identifier)
    {
        if (_words.Length > 0) _words[identifier / BitsPerWord] &= ~(1UL << (identifier % BitsPerWord));
    }
}
