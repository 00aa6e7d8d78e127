using System.Text.Json.Serialization;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>How reports are written as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MessageReport))]
[JsonSerializable(typeof(ConnectReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
