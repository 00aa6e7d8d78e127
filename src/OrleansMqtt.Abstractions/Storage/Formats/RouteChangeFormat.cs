using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of a <see cref="RouteChange"/>, and of what tells it from other routes.</summary>
/// <remarks>
/// version, kind, flags, filter (text), receiver (text), maximum QoS, retain handling, subscription identifier (varint),
/// [group: name (text), filter (text), ordered (byte)], [gateway (text)].
/// The key is: kind, filter (text), receiver (text), [group as above].
/// </remarks>
internal static class RouteChangeFormat
{
    private const byte Version = 1;
    private const byte RemovedFlag = 1, NoLocalFlag = 1 << 1, RetainAsPublishedFlag = 1 << 2, PersistentFlag = 1 << 3, GroupFlag = 1 << 4, GatewayFlag = 1 << 5;

    /// <summary>The stored form.</summary>
    public static ReadOnlyMemory<byte> Encode(RouteChange route)
    {
        var options = route.Options;
        var writer = new FormatWriter(route.Filter.Length * 2 + route.Receiver.Length + 64);
        writer.Byte(Version);
        writer.Byte((byte)route.Kind);
        writer.Byte((byte)((route.Removed ? RemovedFlag : 0) | (options.NoLocal ? NoLocalFlag : 0) | (options.RetainAsPublished ? RetainAsPublishedFlag : 0)
            | (route.Persistent ? PersistentFlag : 0) | (route.Group is null ? 0 : GroupFlag) | (route.Gateway is null ? 0 : GatewayFlag)));
        writer.Text(route.Filter);
        writer.Text(route.Receiver);
        writer.Byte((byte)options.MaximumQoS);
        writer.Byte((byte)options.RetainHandling);
        writer.Varint(options.Identifier);
        WriteGroup(ref writer, route.Group);
        if (route.Gateway is { } gateway) writer.Text(gateway);
        return writer.Written;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a version that this one does not know.</exception>
    public static RouteChange Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FormatReader(bytes);
        reader.Version(Version);
        var kind = (RouteKind)reader.Varint((uint)RouteKind.SharedMember);
        var flags = reader.Byte();
        string filter = reader.Text(), receiver = reader.Text();
        var qos = (QualityOfService)reader.Varint((uint)QualityOfService.ExactlyOnce);
        var handling = (RetainHandling)reader.Varint((uint)RetainHandling.DoNotSend);
        return new RouteChange
        {
            Kind = kind, Filter = filter, Receiver = receiver, Removed = (flags & RemovedFlag) != 0, Persistent = (flags & PersistentFlag) != 0,
            Options = new SubscriptionOptions(qos, (flags & NoLocalFlag) != 0, (flags & RetainAsPublishedFlag) != 0, handling, reader.Varint(uint.MaxValue)),
            Group = (flags & GroupFlag) != 0 ? new SharedGroupKey(reader.Text(), reader.Text(), reader.Byte() != 0) : null,
            Gateway = (flags & GatewayFlag) != 0 ? reader.Text() : null,
        };
    }

    /// <summary>The same bytes for two changes of one route (kind, filter, receiver and group), different ones for any others.</summary>
    public static ReadOnlyMemory<byte> Key(RouteChange route)
    {
        var writer = new FormatWriter(route.Filter.Length * 2 + route.Receiver.Length + 32);
        writer.Byte((byte)route.Kind);
        writer.Text(route.Filter);
        writer.Text(route.Receiver);
        WriteGroup(ref writer, route.Group);
        return writer.Written;
    }

    private static void WriteGroup(ref FormatWriter writer, SharedGroupKey? group)
    {
        if (group is null) return;
        writer.Text(group.Group);
        writer.Text(group.Filter);
        writer.Byte(group.Ordered ? (byte)1 : (byte)0);
    }
}
