using OrleansMqtt.Cli.Bench.Clients;

namespace OrleansMqtt.Cli.Bench.Reports;

/// <summary>Which broker was measured, and by what names.</summary>
internal sealed record BrokerReport(string Host, int Port, string Transport, string Protocol, string Prefix, int Seed)
{
    /// <summary>Leaves out user name and password.</summary>
    public static BrokerReport Of(BrokerSettings broker) => new(broker.Host, broker.Port, broker.Transport.ToString().ToLowerInvariant(), broker.Protocol, broker.Prefix, broker.Seed);

    /// <summary>For people.</summary>
    public string ToText() => $"{Host}:{Port} ({Transport}), MQTT {Protocol}, prefix {Prefix}";
}
