using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansMqtt.Samples.DigitalTwin;

/// <summary>A change of what a device reports, or of what it is to be.</summary>
/// <param name="State">The properties that change; null takes one away (JSON Merge Patch, RFC 7396).</param>
/// <param name="Version">The version that the twin is taken to have; null for any.</param>
public sealed record TwinUpdate([property: JsonRequired] JsonObject State, long? Version = null);

/// <summary>A change has been made.</summary>
/// <param name="Version">The twin's version now.</param>
public sealed record TwinAccepted(long Version);

/// <summary>A change has not been made.</summary>
/// <param name="Code">Which kind of reason: as in HTTP.</param>
/// <param name="Message">The reason, one sentence.</param>
public sealed record TwinRejected(int Code, string Message);

/// <summary>What a device has yet to do.</summary>
/// <param name="Version">The twin's version.</param>
/// <param name="State">What is desired and has not been reported.</param>
public sealed record TwinDelta(long Version, JsonObject State);

/// <summary>All of a twin.</summary>
/// <param name="Version">Rises by one with each change; 0: there was none yet.</param>
/// <param name="Reported">What the device says that it is.</param>
/// <param name="Desired">What it is to be.</param>
/// <param name="Delta">What of that has not been reported.</param>
public sealed record TwinDocument(long Version, JsonObject Reported, JsonObject Desired, JsonObject Delta);
