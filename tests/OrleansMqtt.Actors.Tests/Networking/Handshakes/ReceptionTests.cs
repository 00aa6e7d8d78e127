using System.Buffers;
using System.Net;
using Orleans.Runtime;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Handshakes;

namespace OrleansMqtt.Actors.Tests.Networking.Handshakes;

public class ReceptionTests
{
    private static readonly SiloAddress Here = SiloAddress.New(IPAddress.Loopback, 11111, 5);
    private static readonly PeerIdentity Client = PeerIdentity.OfClient("gateway-1");
    private static readonly Reception Receiving = new("blue", PeerIdentity.OfSilo(Here), static peer => peer.Client == "dead" ? "it was declared dead" : null);
    private static readonly Hello Good = new(VersionRange.Ours, "blue", Client, Here);

    [Fact]
    public void A_member_that_expects_this_silo_is_let_in()
    {
        var reply = Answer(Good);
        Assert.Equal(Reply.Accept(1, PeerIdentity.OfSilo(Here)), reply);
        Assert.Null(Reception.Objection(Good, reply));
    }

    [Fact]
    public void A_member_that_expects_any_silo_is_let_in() => Assert.Null(Answer(Good with { Expected = null }).Refusal);

    [Fact]
    public void The_highest_common_version_is_spoken() => Assert.Equal(1, Answer(Good with { Versions = new VersionRange(0, 7) }).Version);

    [Fact]
    public void Each_misfit_is_refused_with_its_reason()
    {
        AssertRefused("another cluster", Good with { Cluster = "green" });
        AssertRefused("version 2 to 3", Good with { Versions = new VersionRange(2, 3) });
        AssertRefused("generation 4", Good with { Expected = SiloAddress.New(Here.Endpoint, 4) });
        AssertRefused("generation 6", Good with { Expected = SiloAddress.New(Here.Endpoint, 6) });
        AssertRefused("127.0.0.1:22222", Good with { Expected = SiloAddress.New(IPAddress.Loopback, 22222, 5) });
        AssertRefused("declared dead", Good with { Self = PeerIdentity.OfClient("dead") });
        AssertRefused("malformed", Good with { Versions = new VersionRange(1, 0) });
    }

    [Fact]
    public void One_that_expects_a_silo_does_not_take_another_for_it()
    {
        var other = Reply.Accept(1, PeerIdentity.OfSilo(SiloAddress.New(Here.Endpoint, 6)));
        Assert.Contains("was expected", Reception.Objection(Good, other));
        Assert.Contains("was expected", Reception.Objection(Good, Reply.Accept(1, Client)));
        Assert.Contains("version 2", Reception.Objection(Good, Reply.Accept(2, PeerIdentity.OfSilo(Here))));
    }

    [Fact]
    public void Messages_survive_the_wire_also_with_bytes_of_a_later_version_behind()
    {
        foreach (var hello in new[] { Good, Good with { Expected = null, Self = PeerIdentity.OfSilo(SiloAddress.New(IPAddress.IPv6Loopback, 1, -3)) } })
        {
            Assert.Equal(hello, Hello.Parse(Rest(hello.ToBytes())));
            Assert.Equal(hello, Hello.Parse([.. Rest(hello.ToBytes()), 1, 2, 3]));
        }

        foreach (var reply in new[] { Reply.Accept(1, Client), Reply.Refuse("no") })
        {
            Assert.Equal(reply, Reply.Parse(Rest(reply.ToBytes())));
            Assert.Equal(reply, Reply.Parse([.. Rest(reply.ToBytes()), 1, 2, 3]));
        }
    }

    [Fact]
    public void A_message_cut_at_any_byte_is_awaited_or_malformed_but_never_read()
    {
        var bytes = Good.ToBytes();
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var front = new ReadOnlySequence<byte>(bytes, 0, cut);
            Assert.False(HandshakeFormat.TryTake(ref front, out _, out var error));
            Assert.Null(error);
        }

        var rest = Rest(bytes);
        for (var cut = 0; cut < rest.Length; cut++)
        {
            Assert.Null(Hello.Parse(rest.AsSpan(0, cut)));
        }
    }

    [Fact]
    public void A_stranger_is_known_by_the_first_wrong_byte()
    {
        for (var i = 0; i < HandshakeFormat.Magic.Length; i++)
        {
            var bytes = HandshakeFormat.Magic[..(i + 1)].ToArray();
            bytes[i]++;
            var buffer = new ReadOnlySequence<byte>(bytes);
            Assert.False(HandshakeFormat.TryTake(ref buffer, out _, out var error));
            Assert.Contains("does not speak", error);
        }
    }

    [Fact]
    public void A_message_of_more_than_4096_bytes_is_refused_from_its_length()
    {
        var longest = (ushort)(HandshakeFormat.MaxBytes - HandshakeFormat.PrefixLength);
        Assert.Null(ErrorOf(longest));
        Assert.Contains("4096 are let in", ErrorOf((ushort)(longest + 1)));
        Assert.Throws<ArgumentException>(() => (Good with { Cluster = new string('x', 5000) }).ToBytes());

        static string? ErrorOf(ushort length)
        {
            var buffer = new ReadOnlySequence<byte>([.. HandshakeFormat.Magic, (byte)length, (byte)(length >> 8)]);
            Assert.False(HandshakeFormat.TryTake(ref buffer, out _, out var error));
            return error;
        }
    }

    [Fact]
    public void What_ends_up_in_a_log_has_no_control_characters()
    {
        Assert.Null(Hello.Parse(Rest((Good with { Self = PeerIdentity.OfClient("a\nb") }).ToBytes())));
        Assert.Equal("a b", Reply.Parse(Rest(Reply.Refuse("a\nb").ToBytes()))?.Refusal);
    }

    private static void AssertRefused(string reason, Hello hello) => Assert.Contains(reason, Answer(hello).Refusal);

    private static Reply Answer(Hello hello)
    {
        var reply = Receiving.Answer(Rest(hello.ToBytes()), out var peer);
        Assert.Equal(reply.Refusal is null ? hello.Self : peer, peer);
        return Reply.Parse(Rest(reply.ToBytes()))!;
    }

    private static byte[] Rest(byte[] message)
    {
        var buffer = new ReadOnlySequence<byte>(message);
        Assert.True(HandshakeFormat.TryTake(ref buffer, out var rest, out _));
        Assert.True(buffer.IsEmpty);
        return rest;
    }
}
