namespace OrleansMqtt.Routing;

/// <summary>The silo may not route at present: it may not know all routes. Nothing of the call has been done; another silo may carry it out.</summary>
[GenerateSerializer, Alias("OrleansMqtt.NoRoutingLeaseException")]
public sealed class NoRoutingLeaseException : Exception
{
    /// <summary>Creates it.</summary>
    public NoRoutingLeaseException(string message) : base(message) { }
}
