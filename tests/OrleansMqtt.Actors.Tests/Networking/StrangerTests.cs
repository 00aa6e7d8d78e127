using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Handshakes;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking;

/// <summary>Who connects to the port without belonging there.</summary>
public class StrangerTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task One_that_sends_garbage_is_dropped_and_members_go_on(string transport)
    {
        await using var room = new Room(transport);
        var silo = await room.SiloAsync();
        var raw = transport == "tls" ? "tcp" : transport;
        await using var outside = new Room(raw);
        var stranger = await (raw == "memory" ? room : outside).TransportFrom(room.NewOrigin()).ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
        await stranger.Transport.Output.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await AssertDroppedAsync(stranger);
        Assert.True(await room.Client().Network.ConnectionTo(silo.Silo).Opened);
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task One_that_says_nothing_is_dropped_after_a_while(string transport)
    {
        await using var room = new Room(transport);
        await using var outside = new Room("tcp");
        var silo = await room.SiloAsync();
        var stranger = await (transport == "memory" ? room : outside).TransportFrom(room.NewOrigin())
            .ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
        await room.AdvanceUntilAsync(AssertDroppedAsync(stranger), TimeSpan.FromSeconds(5));
        Assert.Contains(room.Log.Lines, static line => line.Id == 1411 && line.Text.Contains("did not say hello", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_so_many_at_once_are_dropped_at_once()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync(options: new NetworkOptions { MaxHandshakes = 2 });
        var strangers = new ConnectionContext[3];
        for (var i = 0; i < strangers.Length; i++)
        {
            strangers[i] = await room.TransportFrom(room.NewOrigin()).ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
        }

        await AssertDroppedAsync(strangers[2]);

        // Those two hold their places until their time is over.
        await room.AdvanceUntilAsync(Task.WhenAll(AssertDroppedAsync(strangers[0]), AssertDroppedAsync(strangers[1])), TimeSpan.FromSeconds(5));
        var member = room.Client().Network.ConnectionTo(silo.Silo);
        Assert.True(await member.Opened);
    }

    [Fact]
    public async Task A_malformed_hello_is_told_so()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var stranger = await room.TransportFrom(room.NewOrigin()).ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
        await stranger.Transport.Output.WriteAsync(HandshakeFormat.Frame([1, 0, 1, 0, 200, 200]), TestContext.Current.CancellationToken);
        var rest = await HandshakeExchange.ReadAsync(stranger.Transport.Input, TestContext.Current.CancellationToken);
        Assert.Contains("malformed", Reply.Parse(rest)?.Refusal);
    }

    [Fact]
    public async Task One_that_listens_but_does_not_speak_the_protocol_is_no_silo()
    {
        await using var room = new Room("memory");
        var there = room.NewOrigin();
        var listener = await room.TransportFrom(there).ListenAsync(there, TestContext.Current.CancellationToken);
        var client = room.Client();
        var connection = client.Network.ConnectionTo(PeerTarget.AnySiloAt(there));
        connection.Request(1);
        var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await accepted!.Transport.Output.WriteAsync("220 mail.example\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.False(await connection.Opened);
        Assert.Contains("does not speak", (await client.Receiver.EndAsync()).Reason);
    }

    private static async Task AssertDroppedAsync(ConnectionContext stranger)
    {
        try
        {
            while (!(await stranger.Transport.Input.ReadAsync(TestContext.Current.CancellationToken)).IsCompleted)
            {
                Assert.Fail("A stranger got an answer.");
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // A reset is an end, too.
            Assert.NotNull(exception.Message);
        }
    }
}
