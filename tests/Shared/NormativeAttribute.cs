using Xunit.v3;

namespace OrleansMqtt.Tests;

/// <summary>Names a normative statement of the specification that a test proves. Becomes the trait "Normative", for example "5.0 MQTT-1.5.4-1".</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class NormativeAttribute(string version, string statement) : Attribute, ITraitAttribute
{
    /// <summary>Version of the specification: "5.0" or "3.1.1".</summary>
    public string Version { get; } = version;

    /// <summary>Number of the statement without brackets.</summary>
    public string Statement { get; } = statement;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Normative", $"{Version} {Statement}")];
}
