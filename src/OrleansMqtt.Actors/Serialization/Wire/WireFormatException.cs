using System.Diagnostics.CodeAnalysis;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Bytes that came from another process are not what they should be: damaged, hostile, or of types that differ too much.</summary>
internal sealed class WireFormatException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    [DoesNotReturn]
    public static void Throw(string message) => throw new WireFormatException(message);

    [DoesNotReturn]
    public static void ThrowEndsEarly() => throw new WireFormatException("The bytes end before the value does.");

    [DoesNotReturn]
    public static void ThrowUnexpected(WireType wire, WireType expected) => throw new WireFormatException($"{wire} where {expected} is expected.");
}
