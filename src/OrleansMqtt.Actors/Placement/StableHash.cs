using Orleans.Runtime;

namespace OrleansMqtt.Actors.Placement;

/// <summary>
/// A 64-bit hash that is the same in every process, on every platform and in every release: who holds a grain depends on it, so it may never change.
/// Not for adversaries: who chooses keys can make them collide, which puts their own grains on one silo.
/// </summary>
internal static class StableHash
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    public static ulong Of(string text) => Mix(Absorb(0, text));

    /// <summary>Of type and key, each with its length, so that nothing of one passes for the other.</summary>
    public static ulong Of(GrainId grain) => Mix(Absorb(Absorb(0, grain.Type.ToString()), grain.Key.ToString()));

    /// <summary>Lets each bit of the input change each of the output with a chance of a half (the finalizer of SplitMix64).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong Absorb(ulong hash, ReadOnlySpan<char> text)
    {
        hash = Step(hash, (ulong)text.Length);
        while (text.Length >= 4)
        {
            // By value, not by memory: the order of bytes differs between platforms.
            hash = Step(hash, text[0] | ((ulong)text[1] << 16) | ((ulong)text[2] << 32) | ((ulong)text[3] << 48));
            text = text[4..];
        }

        var rest = 0UL;
        foreach (var character in text)
        {
            rest = (rest << 16) | character;
        }

        return text.IsEmpty ? hash : Step(hash, rest);
    }

    private static ulong Step(ulong hash, ulong word)
    {
        var product = (hash ^ word) * Odd;
        return product ^ (product >> 32);
    }
}
