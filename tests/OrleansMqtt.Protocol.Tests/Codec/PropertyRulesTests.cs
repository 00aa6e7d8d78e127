using System.Globalization;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Tests.Corpus;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Codec;

/// <summary>Table 2-4 of the specification, as text: identifier, a value in the corpus notation, and where the property may stand.</summary>
public sealed class PropertyRulesTests
{
    private const string Acknowledgements = "PubAck PubRec PubRel PubComp SubAck UnsubAck";
    private const string Table =
        $"""
        01 | 01 | Publish Will
        02 | 00000001 | Publish Will
        03 | <c> | Publish Will
        08 | <r> | Publish Will
        09 | 0001FF | Publish Will
        0B | 01 | Publish Subscribe
        11 | 00000001 | Connect ConnAck Disconnect
        12 | <i> | ConnAck
        13 | 0001 | ConnAck
        15 | <m> | Connect ConnAck Auth
        16 | 0001FF | Connect ConnAck Auth
        17 | 01 | Connect
        18 | 00000001 | Will
        19 | 01 | Connect
        1A | <n> | ConnAck
        1C | <e> | ConnAck Disconnect
        1F | <s> | ConnAck {Acknowledgements} Disconnect Auth
        21 | 0001 | Connect ConnAck
        22 | 0001 | Connect ConnAck
        23 | 0001 | Publish
        24 | 01 | ConnAck
        25 | 01 | ConnAck
        26 | <k><v> | Will Connect ConnAck Publish {Acknowledgements} Subscribe Unsubscribe Disconnect Auth
        27 | 00000001 | Connect ConnAck
        28 | 01 | ConnAck
        29 | 01 | ConnAck
        2A | 01 | ConnAck
        """;

    private static readonly Dictionary<byte, (byte[] Bytes, HashSet<PropertyLocation> Locations)> Properties = Table.Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(
            columns => byte.Parse(columns[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            columns => (Notation.Parse(columns[0] + columns[1]), columns[2].Split(' ').Select(Enum.Parse<PropertyLocation>).ToHashSet()));

    public static TheoryData<PropertyLocation> Locations => [.. Enum.GetValues<PropertyLocation>()];

    [Theory]
    [MemberData(nameof(Locations))]
    public void Every_property_may_stand_where_the_table_says_and_nowhere_else(PropertyLocation location)
    {
        foreach (var (id, (bytes, locations)) in Properties)
        {
            var reader = new PropertyReader(bytes, location);
            var allowed = locations.Contains(location);

            Assert.Equal(allowed, reader.Read());
            Assert.Equal(allowed ? null : ReasonCode.MalformedPacket, reader.Error?.Reason);
            Assert.Equal(allowed, PropertyRules.IsAllowed((PropertyId)id, location));
            if (allowed) Assert.Equal(((PropertyId)id, 0, bytes.Length), (reader.Id, reader.Start, reader.End));
        }
    }

    [Theory]
    [MemberData(nameof(Locations))]
    public void Only_user_properties_and_subscription_identifiers_of_PUBLISH_may_repeat(PropertyLocation location)
    {
        foreach (var (id, (bytes, locations)) in Properties)
        {
            if (!locations.Contains(location)) continue;
            var mayRepeat = id == 0x26 || (id == 0x0B && location == PropertyLocation.Publish);
            var reader = new PropertyReader([.. bytes, .. bytes], location);

            Assert.True(reader.Read());
            Assert.Equal(mayRepeat, reader.Read());
            Assert.Equal(mayRepeat ? null : ReasonCode.ProtocolError, reader.Error?.Reason);
            Assert.Equal(mayRepeat, PropertyRules.MayRepeat((PropertyId)id, location));
        }
    }

    [Fact]
    public void Identifiers_that_are_not_in_the_table_are_malformed_everywhere()
    {
        for (var id = 0; id <= 0xFF; id++)
        {
            if (Properties.ContainsKey((byte)id)) continue;
            foreach (var location in Enum.GetValues<PropertyLocation>())
            {
                var reader = new PropertyReader([(byte)id, 0, 0, 0, 0, 0], location);
                Assert.False(reader.Read());
                Assert.Equal(ReasonCode.MalformedPacket, reader.Error?.Reason);
            }

            Assert.Equal(PropertyType.None, PropertyRules.GetPropertyType((PropertyId)id));
        }
    }

    [Fact]
    public void A_value_cut_short_anywhere_is_malformed()
    {
        foreach (var (bytes, locations) in Properties.Values)
        {
            for (var length = 1; length < bytes.Length; length++)
            {
                var reader = new PropertyReader(bytes.AsSpan(0, length), locations.First());
                Assert.False(reader.Read());
                Assert.Equal(ReasonCode.MalformedPacket, reader.Error?.Reason);
            }
        }
    }

    [Fact]
    public void A_reader_stays_at_its_error()
    {
        var reader = new PropertyReader([0x7F, 0x01, 0x01], PropertyLocation.Publish);
        Assert.False(reader.Read());
        Assert.False(reader.Read());
        Assert.Equal(ReasonCode.MalformedPacket, reader.Error?.Reason);
    }
}
