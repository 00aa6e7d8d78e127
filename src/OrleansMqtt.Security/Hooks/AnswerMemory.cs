using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansMqtt.Security.Hooks;

/// <summary>
/// Answers for a time, by what was asked. Of the question only an HMAC under a key of this process is kept, so that no password can be read out of it. Bounded: two generations,
/// of which the older one goes when the younger one is full.
/// </summary>
/// <typeparam name="T">Kind of the answers.</typeparam>
/// <param name="lasts">How long an answer is good; zero: nothing is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">Answers of a generation.</param>
internal sealed class AnswerMemory<T>(TimeSpan lasts, TimeProvider time, int capacity = 10_000)
    where T : struct
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private ConcurrentDictionary<UInt256, Entry> _younger = new();
    private ConcurrentDictionary<UInt256, Entry> _older = new();

    /// <summary>What was answered to this; null where it is not known, or was too long ago.</summary>
    public T? Find(ReadOnlySpan<byte> question)
    {
        if (lasts <= TimeSpan.Zero) return null;
        var key = KeyOf(question);
        if (!_younger.TryGetValue(key, out var entry) && !_older.TryGetValue(key, out entry)) return null;
        return entry.Until > time.GetUtcNow() ? entry.Answer : null;
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="until">When it ends in any case; null for never.</param>
    public void Keep(ReadOnlySpan<byte> question, T answer, DateTimeOffset? until)
    {
        if (lasts <= TimeSpan.Zero) return;
        // Whether two at a time turn the generations makes no difference but that more is forgotten.
        if (_younger.Count >= capacity) (_older, _younger) = (_younger, new());
        var end = time.GetUtcNow() + lasts;
        _younger[KeyOf(question)] = new Entry(answer, until < end ? until.Value : end);
    }

    private UInt256 KeyOf(ReadOnlySpan<byte> question)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, question, digest);
        return MemoryMarshal.Read<UInt256>(digest);
    }

    private readonly record struct UInt256(UInt128 High, UInt128 Low);

    private readonly record struct Entry(T Answer, DateTimeOffset Until);
}
