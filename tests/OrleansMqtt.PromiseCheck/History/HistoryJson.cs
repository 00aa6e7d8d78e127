using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMqtt.PromiseCheck.History;

/// <summary>The history as JSON lines: one object per event, members that say nothing left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(HistoryEvent))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    /// <summary>One line, without its end.</summary>
    public static string Write(HistoryEvent item) => JsonSerializer.Serialize(item, Default.HistoryEvent);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static HistoryEvent Read(string line) =>
        JsonSerializer.Deserialize(line, Default.HistoryEvent) ?? throw new JsonException("The line holds no event.");
}
