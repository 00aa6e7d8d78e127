using System.Text.Json.Serialization;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Samples.Ingest;

/// <summary>What a device sends: <c>{"at":"2030-01-01T00:00:00Z","celsius":20.5}</c>.</summary>
/// <param name="At">When it was measured.</param>
/// <param name="Celsius">What was measured, in degrees Celsius, from absolute zero to 10,000.</param>
public sealed record Reading([property: JsonRequired] DateTimeOffset At, [property: JsonRequired] double Celsius);

/// <summary>A reading on its way to the store.</summary>
/// <param name="Message">What the message is recognized by when it comes again.</param>
/// <param name="Device">Who sends it: plant and device.</param>
/// <param name="Reading">What it sends.</param>
public sealed record IdentifiedReading(MessageIdentity Message, string Device, Reading Reading);
