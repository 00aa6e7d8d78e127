using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Samples.Ingest;

/// <summary>Reads readings, and refuses those that are none: they are dead letters at once, since they would be no better the next time.</summary>
public sealed class ReadingCodec : IPayloadCodec<Reading>
{
    private const double AbsoluteZero = -273.15, Highest = 10_000;
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Whether something can have this temperature.</summary>
    /// <param name="celsius">Degrees Celsius.</param>
    public static bool IsPossible(double celsius) => celsius is >= AbsoluteZero and <= Highest;

    /// <inheritdoc/>
    public bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out Reading value, [NotNullWhen(false)] out string? reason)
    {
        // What is no JSON of this shape throws, and is refused for that.
        value = JsonSerializer.Deserialize<Reading>(payload.Span, Options);
        reason = value switch
        {
            null => "There is no reading in it.",
            { Celsius: var celsius } when !IsPossible(celsius) => $"{value.Celsius} degrees are impossible.",
            _ => null,
        };
        return reason is null;
    }

    /// <inheritdoc/>
    public void Write(Reading value, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        JsonSerializer.Serialize(json, value, Options);
    }
}
