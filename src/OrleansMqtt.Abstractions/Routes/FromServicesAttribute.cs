namespace OrleansMqtt.Routes;

/// <summary>Says that a parameter is a service. One that is not registered is refused when the host starts.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromServicesAttribute : Attribute;
