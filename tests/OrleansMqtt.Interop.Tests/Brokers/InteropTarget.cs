namespace OrleansMqtt.Interop.Tests.Brokers;

/// <summary>
/// <c>ORLEANSMQTT_INTEROP_TARGET=host:port</c> points the suite at a broker that already runs, of any make, instead of a
/// gateway process of its own. It must allow anonymous clients.
/// </summary>
internal static class InteropTarget
{
    public const string Variable = "ORLEANSMQTT_INTEROP_TARGET";

    public static BrokerAddress? Address =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? BrokerAddress.Parse(text) : null;

    /// <summary>Skips a test about this project's own process or configuration when the suite is pointed elsewhere.</summary>
    public static void SkipIfForeign() =>
        Assert.SkipWhen(Address is not null, $"about the gateway process itself; {Variable} points at another broker");
}
