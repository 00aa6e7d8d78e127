using System.Runtime.CompilerServices;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>All properties of one section, checked and found, but not yet turned into objects: a packet is built from it only once the
/// whole packet is known to be good.</summary>
internal ref struct PropertySet
{
    private ReadOnlySpan<byte> _section;
    private PropertyLocation _location;
    private ulong _present;
    private Values _values;
    private int _userProperties;
    private int _subscriptionIdentifiers;

    /// <summary>Takes a section with its length prefix from <paramref name="reader"/>.</summary>
    internal static ProtocolError? TryRead(scoped ref SpanReader reader, PropertyLocation location, out PropertySet set)
    {
        set = default;
        return reader.TryReadSection(out var section) ? TryRead(section, location, out set) : ProtocolErrors.PropertyLength;
    }

    internal static ProtocolError? TryRead(ReadOnlySpan<byte> section, PropertyLocation location, out PropertySet set)
    {
        set = default;
        set._section = section;
        set._location = location;
        var reader = new PropertyReader(section, location);
        while (reader.Read())
        {
            set._present |= 1UL << (int)reader.Id;
            set._values[(int)reader.Id] = PropertyRules.GetPropertyType(reader.Id) is PropertyType.Text or PropertyType.Binary
                ? (ulong)(reader.End - reader.Bytes.Length) << 32 | (uint)reader.Bytes.Length
                : reader.Number;
            if (reader.Id == PropertyId.UserProperty) set._userProperties++;
            if (reader.Id == PropertyId.SubscriptionIdentifier) set._subscriptionIdentifiers++;
        }

        return reader.Error;
    }

    internal readonly bool Has(PropertyId id) => (_present >> (int)id & 1) != 0;

    internal readonly bool? Boolean(PropertyId id) => Has(id) ? _values[(int)id] != 0 : null;

    internal readonly ushort? UInt16(PropertyId id) => Has(id) ? (ushort)_values[(int)id] : null;

    internal readonly uint? UInt32(PropertyId id) => Has(id) ? (uint)_values[(int)id] : null;

    internal readonly string? Text(PropertyId id) => Has(id) ? Utf8Text.Decode(Bytes(id)) : null;

    internal readonly ReadOnlyMemory<byte>? Binary(PropertyId id) => Has(id) ? (ReadOnlyMemory<byte>?)Bytes(id).ToArray() : null;

    internal readonly IReadOnlyList<UserProperty> UserProperties()
    {
        if (_userProperties == 0) return [];
        var list = new UserProperty[_userProperties];
        var count = 0;
        var reader = new PropertyReader(_section, _location);
        while (reader.Read())
        {
            if (reader.Id != PropertyId.UserProperty) continue;
            list[count++] = new UserProperty(Utf8Text.Decode(reader.Bytes), Utf8Text.Decode(reader.SecondBytes));
        }

        return list;
    }

    internal readonly IReadOnlyList<uint> SubscriptionIdentifiers()
    {
        if (_subscriptionIdentifiers == 0) return [];
        var list = new uint[_subscriptionIdentifiers];
        var count = 0;
        var reader = new PropertyReader(_section, _location);
        while (reader.Read())
        {
            if (reader.Id == PropertyId.SubscriptionIdentifier) list[count++] = reader.Number;
        }

        return list;
    }

    /// <summary>Authentication data needs a method (MQTT 5.0 section 3.1.2.11.10).</summary>
    internal readonly ProtocolError? CheckAuthentication() =>
        Has(PropertyId.AuthenticationData) && !Has(PropertyId.AuthenticationMethod) ? ProtocolErrors.DataWithoutMethod : null;

    private readonly ReadOnlySpan<byte> Bytes(PropertyId id)
    {
        var place = _values[(int)id];
        return _section.Slice((int)(place >> 32), (int)(uint)place);
    }

    /// <summary>A number, or the place of a text or binary in the section: start in the upper half, length in the lower.</summary>
    [InlineArray((int)PropertyId.SharedSubscriptionAvailable + 1)]
    private struct Values
    {
        private ulong _element;
    }
}
