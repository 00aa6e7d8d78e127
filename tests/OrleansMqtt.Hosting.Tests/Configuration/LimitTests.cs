using System.Globalization;
using System.Numerics;
using System.Reflection;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting.Gateways.Configuration;
using OrleansMqtt.Sessions;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Tests.Configuration;

public sealed class LimitTests
{
    private static readonly Type[] Records = [typeof(GatewayLimits), typeof(SessionLimits), typeof(RateLimits), typeof(RetainedLimits), typeof(HandlerLimits)];
    private static readonly string[] Flags = ["RetainAvailable", "WildcardSubscriptionsAvailable", "SharedSubscriptionsAvailable"];

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
        { "MaxConnectionsPerAddress", 0, int.MaxValue },
        { "MaxHalfOpenConnections", 1, int.MaxValue },
        { "KeepAliveGraceSeconds", 0, 65_535 },
        { "MaxSubscriptionsPerClient", 0, int.MaxValue },
        { "MaxSubscriptionsPerMinute", 0, int.MaxValue },
        { "MaxTopicBytes", 1, 65_535 },
        { "MaxTopicLevels", 0, 65_536 },
        { "MaxQoS", 0, 2 },
        { "MaxMemoryBytes", 0, long.MaxValue },
        { "MaxClientMessagesInPerSecond", 0, 1_000_000_000 },
        { "MaxClientBytesInPerSecond", 0, 1_000_000_000_000 },
        { "MaxClientMessagesOutPerSecond", 0, 1_000_000_000 },
        { "MaxClientBytesOutPerSecond", 0, 1_000_000_000_000 },
        { "MaxUserMessagesInPerSecond", 0, 1_000_000_000 },
        { "MaxUserBytesInPerSecond", 0, 1_000_000_000_000 },
        { "MaxUserMessagesOutPerSecond", 0, 1_000_000_000 },
        { "MaxUserBytesOutPerSecond", 0, 1_000_000_000_000 },
        { "RateBurstSeconds", 1, 3_600 },
        { "MaxRetainedMessages", 0, long.MaxValue },
        { "MaxRetainedBytes", 0, long.MaxValue },
        { "MaxRetainedMessageBytes", 0, int.MaxValue },
        { "MaxHandlerQueuedMessages", 1, int.MaxValue },
        { "MaxHandlerQueuedBytes", 1, long.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Both_ends_of_the_range_are_accepted_and_reach_the_property(string name, long minimum, long maximum)
    {
        foreach (var value in (long[])[minimum, minimum + 1, maximum])
            Assert.Equal(value, ValueOf(name, Reading.Of($"--Limits:{name}={value}").Accepted()));
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
            Records.SelectMany(Properties).Order(StringComparer.Ordinal),
            numbers.Concat(["Session", "Rates", "Retained", "WhenFull", "WhenOverRate", .. Flags]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_available_can_be_switched_off()
    {
        foreach (var name in Flags)
        {
            var property = typeof(GatewayLimits).GetProperty(name)!;
            Assert.Equal((true, false), (property.GetValue(new GatewayLimits()), property.GetValue(Reading.Of($"--Limits:{name}=false").Accepted().Gateway.Limits)));
            Assert.Equal($"Limits:{name} is \"no\"; allowed is true or false.", Reading.Of($"--Limits:{name}=no").Problem);
        }
    }

    [Theory]
    [InlineData("HoldBack", OverRatePolicy.HoldBack)]
    [InlineData("refuse", OverRatePolicy.Refuse)]
    [InlineData("Disconnect", OverRatePolicy.Disconnect)]
    public void Who_is_too_fast_gets_what_is_named(string text, OverRatePolicy expected) =>
        Assert.Equal(expected, Reading.Of($"--Limits:WhenOverRate={text}").Accepted().Gateway.Limits.Rates.WhenOverRate);

    [Fact]
    public void Who_is_too_fast_gets_nothing_else() =>
        Assert.Equal("Limits:WhenOverRate is \"Ban\"; allowed is HoldBack, Refuse or Disconnect.", Reading.Of("--Limits:WhenOverRate=Ban").Problem);

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

    private static long ValueOf(string name, GatewaySettings settings)
    {
        var limits = settings.Gateway.Limits;
        object[] records = [limits, limits.Session, limits.Rates, limits.Retained, settings.Handlers];
        var record = records.Single(record => record.GetType().GetProperty(name) is not null);
        return Convert.ToInt64(record.GetType().GetProperty(name)!.GetValue(record), CultureInfo.InvariantCulture);
    }
}
