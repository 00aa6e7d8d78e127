using System.Globalization;

namespace OrleansMqtt.Interop.Tests.Brokers;

/// <summary>Where a broker listens for MQTT over TCP.</summary>
internal sealed record BrokerAddress(string Host, int Port)
{
    public string PortText => Port.ToString(CultureInfo.InvariantCulture);

    public static BrokerAddress Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return new BrokerAddress(text[..colon], int.Parse(text[(colon + 1)..], CultureInfo.InvariantCulture));
    }
}
