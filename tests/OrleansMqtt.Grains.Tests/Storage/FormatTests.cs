using OrleansMqtt.Deadlines;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Formats;
using Stored = OrleansMqtt.Storage.Specification.Samples;

namespace OrleansMqtt.Grains.Tests.Storage;

/// <summary>The stored forms: they read what they wrote and what a newer version wrote, and answer damage with one exception.</summary>
public sealed class FormatTests
{
    private static readonly SessionLogEntry Entry = new()
    {
        Sequence = 1L << 40, Message = Stored.FullMessage(), QoS = QualityOfService.ExactlyOnce, Retain = true, SubscriptionIdentifiers = [1, 300, 268_435_455], Group = new SharedGroupKey("g", "ä/+", true),
    };

    private static readonly RouteChange Route = new()
    {
        Kind = RouteKind.SharedMember, Filter = "ä/#", Receiver = "d", Removed = true, Group = new SharedGroupKey("g", "ä/#", true), Gateway = "gw", Persistent = true,
        Options = new SubscriptionOptions(QualityOfService.ExactlyOnce, true, true, RetainHandling.DoNotSend, 268_435_455),
    };

    // Each format: an encoded record, and how it is read.
    private static readonly (byte[] Bytes, Action<byte[]> Decode)[] Records =
    [
        (MessageFormat.Encode(Stored.FullMessage()).ToArray(), static bytes => Stored.AssertSame(Stored.FullMessage(), MessageFormat.Decode(bytes))),
        (MessageFormat.Encode(Stored.Message("", "")).ToArray(), static bytes => Stored.AssertSame(Stored.Message("", ""), MessageFormat.Decode(bytes))),
        (SessionLogEntryFormat.Encode(Entry).ToArray(), static bytes => Stored.AssertSame(Entry, SessionLogEntryFormat.Decode(bytes))),
        (SessionLogEntryFormat.Encode(Stored.Entry(0)).ToArray(), static bytes => Stored.AssertSame(Stored.Entry(0), SessionLogEntryFormat.Decode(bytes))),
        (InboundMessageFormat.Encode(new InboundMessage(65535, Stored.FullMessage())).ToArray(), static bytes => Stored.AssertSame(Stored.FullMessage(), InboundMessageFormat.Decode(bytes).Message)),
        (RouteChangeFormat.Encode(Route).ToArray(), static bytes => Assert.Equal(Route, RouteChangeFormat.Decode(bytes))),
        (DeadlineFormat.Encode(new Deadline("ä", DeadlineKind.SessionExpiry, -1, long.MaxValue)).ToArray(), static bytes => Assert.Equal(new Deadline("ä", DeadlineKind.SessionExpiry, -1, long.MaxValue), DeadlineFormat.Decode(bytes))),
    ];

    [Fact]
    public void What_was_written_is_read() => Assert.All(Records, static record => record.Decode(record.Bytes));

    [Fact]
    public void Trailing_fields_of_a_newer_version_are_ignored() => Assert.All(Records, static record => record.Decode([.. record.Bytes, 1, 2, 3]));

    [Fact]
    public void Trailing_fields_of_a_nested_message_are_ignored()
    {
        var message = MessageFormat.Encode(Stored.FullMessage()).ToArray();
        byte[] nested = [1, 7, .. BitConverter.GetBytes(message.Length + 2), .. message, 9, 9, 42];
        Stored.AssertSame(Stored.FullMessage(), InboundMessageFormat.Decode(nested).Message);
    }

    [Fact]
    public void Another_version_is_refused() => Assert.All(Records, static record => Assert.Throws<InvalidDataException>(() => record.Decode([2, .. record.Bytes[1..]])));

    [Fact]
    public void A_record_that_ends_early_is_refused() => Assert.All(Records, static record =>
    {
        for (var length = 0; length < record.Bytes.Length; length++) Assert.Throws<InvalidDataException>(() => record.Decode(record.Bytes[..length]));
    });

    [Fact]
    public void Damage_is_never_answered_with_another_exception()
    {
        var random = new Random(17);
        Action<byte[]>[] decoders =
        [
            static b => MessageFormat.Decode(b), static b => SessionLogEntryFormat.Decode(b), static b => InboundMessageFormat.Decode(b), static b => RouteChangeFormat.Decode(b), static b => DeadlineFormat.Decode(b),
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])Records[random.Next(Records.Length)].Bytes.Clone();
            for (var i = random.Next(4); i >= 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            foreach (var decode in decoders)
            {
                if (Record.Exception(() => decode(bytes)) is { } exception) Assert.IsType<InvalidDataException>(exception);
            }
        }
    }

    [Fact]
    public void Keys_of_routes_are_the_same_for_one_identity_only()
    {
        RouteChange[] routes =
        [
            Route, Route with { Filter = "b" }, Route with { Receiver = "e" }, Route with { Kind = RouteKind.Session }, Route with { Group = null }, Route with { Group = new SharedGroupKey("g", "ä/#", false) },
            Route with { Filter = "ä/#d", Receiver = "" },
        ];
        Assert.Equal(routes.Length, routes.Select(static r => Convert.ToHexString(RouteChangeFormat.Key(r).Span)).Distinct().Count());
        Assert.Equal(RouteChangeFormat.Key(Route).ToArray(), RouteChangeFormat.Key(Route with { Removed = false, Gateway = null, Options = default, Persistent = false }).ToArray());
    }
}
