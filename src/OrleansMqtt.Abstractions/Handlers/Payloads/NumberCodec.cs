using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>A number as text, with a point where it has a fraction; white space around it does not matter.</summary>
internal sealed class NumberCodec<T>(string name, NumberStyles styles) : IPayloadCodec<T>
    where T : struct, INumber<T>
{
    // No number of these types needs as much.
    private const int MaximumLength = 512;

    public bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? reason)
    {
        var isNumber = T.TryParse(payload.Span, styles, CultureInfo.InvariantCulture, out value) && payload.Length <= MaximumLength && T.IsFinite(value);
        reason = isNumber ? null : $"The payload is no {name}.";
        return isNumber;
    }

    public void Write(T value, IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(value.ToString(null, CultureInfo.InvariantCulture), writer);
}
