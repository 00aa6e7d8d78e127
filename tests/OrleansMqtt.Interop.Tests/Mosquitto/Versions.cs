namespace OrleansMqtt.Interop.Tests.Mosquitto;

/// <summary>Values of the <c>-V</c> option.</summary>
public static class Versions
{
    public const string V31 = "mqttv31";
    public const string V311 = "mqttv311";
    public const string V5 = "mqttv5";

    public static readonly TheoryData<string> All = [V31, V311, V5];

    public static TheoryData<string, string> Pairs =>
        new(from publisher in All.Select(row => row.Data) from subscriber in All.Select(row => row.Data) select (publisher, subscriber));

    public static TheoryData<string, int> WithQoS =>
        new(from version in All.Select(row => row.Data) from qos in Enumerable.Range(0, 3) select (version, qos));
}
