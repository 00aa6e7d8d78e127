using System.Globalization;
using System.Numerics;
using System.Reflection;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Hosts.Tests.Configuration;

public sealed class LimitTests
{
    /// <summary>Each limit that is a number, with its smallest and largest value.</summary>
    public static readonly TheoryData<string, long, long> Ranges = new()
    {
        { "MaxPacketBytes", 64, 268_435_460 },
        { "MaxConnectPacketBytes", 64, 268_435_460 },
        { "ReceiveMaximum", 1, 65_535 },
        { "TopicAliasMaximum", 0, 65_535 },
        { "MaxOutboundTopicAliases", 0, 65_535 },
        { "ConnectTimeoutSeconds", 1, 3_600 },
        { "MaxKeepAliveSeconds", 0, 65_535 },
        { "MaxConnections", 1, int.MaxValue },
        { "MaxConnectsPerSecond", 0, 1_000_000 },
        { "ConnectBurst", 1, 1_000_000 },
        { "MaxOutboxBytes", 1_024, int.MaxValue },
        { "MaxQueuedMessages", 1, int.MaxValue },
        { "MaxQueuedBytes", 1, long.MaxValue },
        { "MaxInflightMessages", 1, 65_535 },
        { "MaxInflightBytes", 1, long.MaxValue },
        { "MaxSessionExpirySeconds", 0, uint.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Both_ends_of_the_range_are_accepted_and_reach_the_property(string name, long minimum, long maximum)
    {
        foreach (var value in (long[])[minimum, minimum + 1, maximum])
            Assert.Equal(value, ValueOf(name, Reading.Of($"--Limits:{name}={value}").Accepted().Gateway.Limits));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Everything_else_is_refused_with_one_sentence(string name, long minimum, long maximum)
    {
        var below = (minimum - 1).ToString(CultureInfo.InvariantCulture);
        var above = ((BigInteger)maximum + 1).ToString(CultureInfo.InvariantCulture);
        foreach (var value in (string[])[below, above, "", "many", "1.5", "1,000", " 5", "0x10"])
            Assert.Equal($"Limits:{name} is \"{value}\"; allowed is a whole number from {minimum} to {maximum}.", Reading.Of($"--Limits:{name}={value}").Problem);
    }

    [Fact]
    public void Without_a_key_the_limits_are_those_of_the_types() => Assert.Equal(new GatewayLimits(), Reading.Of().Accepted().Gateway.Limits);

    [Fact]
    public void Every_property_has_its_key()
    {
        var numbers = Ranges.Select(static row => row.Data.Item1);
        Assert.Equal(
            Properties(typeof(GatewayLimits)).Concat(Properties(typeof(SessionLimits))).Order(StringComparer.Ordinal),
            numbers.Append("Session").Append("WhenFull").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("DropNewest", QueueFullPolicy.DropNewest)]
    [InlineData("DropOldest", QueueFullPolicy.DropOldest)]
    [InlineData("disconnect", QueueFullPolicy.Disconnect)]
    public void A_full_queue_does_what_is_named(string text, QueueFullPolicy expected) =>
        Assert.Equal(expected, Reading.Of($"--Limits:WhenFull={text}").Accepted().Gateway.Limits.Session.WhenFull);

    [Theory]
    [InlineData("Drop")]
    [InlineData("1")]
    [InlineData("")]
    public void A_full_queue_does_nothing_else(string text) =>
        Assert.Equal($"Limits:WhenFull is \"{text}\"; allowed is DropNewest, DropOldest or Disconnect.", Reading.Of($"--Limits:WhenFull={text}").Problem);

    private static IEnumerable<string> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(static property => property.Name);

    private static long ValueOf(string name, GatewayLimits limits)
    {
        var value = typeof(GatewayLimits).GetProperty(name)?.GetValue(limits) ?? typeof(SessionLimits).GetProperty(name)!.GetValue(limits.Session)!;
        return Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }
}
