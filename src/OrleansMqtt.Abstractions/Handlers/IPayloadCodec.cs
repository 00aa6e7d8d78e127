using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OrleansMqtt.Handlers;

/// <summary>
/// Reads and writes payloads. One that is among the silo's services as <see cref="IPayloadCodec{T}"/> takes the place of the built-in one for that type; one that a handler names
/// (<see cref="TopicHandlerAttribute.Codec"/>) comes before both. Called by many threads at once.
/// </summary>
/// <typeparam name="T">What a payload is to handlers.</typeparam>
public interface IPayloadCodec<T>
{
    /// <summary>Reads a payload.</summary>
    /// <param name="payload">The payload; its memory is not to be kept.</param>
    /// <param name="value">What it says.</param>
    /// <param name="reason">Why it can't be read, one sentence for the dead letter. An exception counts as one too.</param>
    /// <returns>Whether it could be read.</returns>
    bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? reason);

    /// <summary>Writes a payload.</summary>
    /// <param name="value">What it is to say.</param>
    /// <param name="writer">Where to.</param>
    void Write(T value, IBufferWriter<byte> writer);
}
