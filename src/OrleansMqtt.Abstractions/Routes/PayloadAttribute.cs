namespace OrleansMqtt.Routes;

/// <summary>Says that a parameter is the payload, whatever its name and type: of mapped code that has more than one parameter that could be.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PayloadAttribute : Attribute;
