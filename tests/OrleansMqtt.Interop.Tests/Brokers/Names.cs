namespace OrleansMqtt.Interop.Tests.Brokers;

/// <summary>
/// Topic and client names of one test's own, so that tests can share a broker. Short, since MQTT 3.1 allows a client
/// identifier 23 characters.
/// </summary>
internal sealed class Names
{
    public string Prefix { get; } = "i" + Guid.NewGuid().ToString("N")[..8];

    public string Topic(string rest) => $"{Prefix}/{rest}";

    public string Client(string rest) => $"{Prefix}-{rest}";
}
