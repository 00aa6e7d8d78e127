using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansMqtt.PromiseCheck.Reports;

/// <summary>The report as JSON.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Writes a report.</summary>
    public static string Write(CheckReport report) => JsonSerializer.Serialize(report, Default.CheckReport);
}
