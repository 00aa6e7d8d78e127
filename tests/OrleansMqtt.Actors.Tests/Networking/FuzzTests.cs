using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Frames;
using OrleansMqtt.Actors.Networking.Handshakes;
using OrleansMqtt.Actors.Tests.Networking.Support;

namespace OrleansMqtt.Actors.Tests.Networking;

/// <summary>Mutated handshakes and frames against a silo that listens.</summary>
public class FuzzTests
{
    private const int Inputs = 100_000;

    [Fact]
    public async Task Whatever_a_stranger_sends_has_a_defined_end_and_harms_nobody()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        await using var room = new Room("memory");
        var silo = await room.SiloAsync(options: new NetworkOptions { MaxBodyBytes = 1_000 });
        var transport = room.TransportFrom(room.NewOrigin());
        for (var i = 0; i < Inputs; i++)
        {
            var input = Mutate(ValidInput(silo, random), random);
            var connection = await transport.ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
            await SendToEndAsync(connection, input);
        }

        await silo.Network.DrainAsync(TimeSpan.FromSeconds(1));

        // Else the mutations were all too mild, or all too wild.
        Assert.InRange(silo.Receiver.Ends.Count, Inputs / 20, Inputs - (Inputs / 20));
        Assert.All(silo.Receiver.Ends, static end => Assert.True(
            end.Kind is EndKind.Lost or EndKind.Invalid or EndKind.Goodbye or EndKind.Superseded, end.ToString()));
        Assert.Contains(silo.Receiver.Ends, static end => end.Kind == EndKind.Invalid);
        Assert.DoesNotContain(room.Log.Lines, static line => line.Level >= LogLevel.Error);
        Assert.InRange(room.Log.Lines.Count(static line => line.Id == 1411), 1, 256);
    }

    [Fact]
    public async Task A_silo_still_serves_its_members_after_all_that()
    {
        await using var room = new Room("memory");
        var silo = await room.SiloAsync();
        var random = new Random(1);
        var transport = room.TransportFrom(room.NewOrigin());
        var client = room.Client();
        for (var i = 0; i < 200; i++)
        {
            var connection = await transport.ConnectAsync(silo.Silo.Endpoint, TestContext.Current.CancellationToken);
            await SendToEndAsync(connection, Mutate(ValidInput(silo, random), random));
            client.Network.ConnectionTo(silo.Silo).Request(i);
            Assert.Equal(i, (await client.Receiver.FrameAsync()).Correlation);
        }
    }

    private static byte[] ValidInput(Room.Peer silo, Random random)
    {
        var self = random.Next(2) == 0 ? PeerIdentity.OfClient("client-" + random.Next(10)) : PeerIdentity.OfSilo(silo.Silo);
        var hello = new Hello(VersionRange.Ours, "blue", self, random.Next(2) == 0 ? silo.Silo : null).ToBytes();
        return [.. hello, .. Enumerable.Range(0, random.Next(6)).SelectMany(_ => RandomFrame(random))];
    }

    private static byte[] RandomFrame(Random random)
    {
        var kind = (FrameKind)random.Next(1, 9);
        var body = kind.IsControl() ? [] : new byte[random.Next(random.Next(10) == 0 ? 1_100 : 20)];
        random.NextBytes(body);
        return RawPeer.Bytes(kind, random.Next(3), body);
    }

    private static byte[] Mutate(byte[] input, Random random)
    {
        for (var changes = random.Next(4); changes > 0 && input.Length > 0; changes--)
        {
            var at = random.Next(input.Length);
            switch (random.Next(6))
            {
                case 0:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    input[at] = (byte)(random.Next(2) == 0 ? 0 : 255);
                    break;
                case 2:
                    input = input[..at];
                    break;
                case 3:
                    input = [.. input[..at], .. input[random.Next(at, input.Length)..]];
                    break;
                case 4:
                    input = [.. input[..at], (byte)random.Next(256), .. input[at..]];
                    break;
                default:
                    input = [.. input, .. input[at..]];
                    break;
            }
        }

        return input;
    }

    /// <summary>Sends, closes, and reads to the end.</summary>
    private static async Task SendToEndAsync(ConnectionContext connection, byte[] input)
    {
        await connection.Transport.Output.WriteAsync(input, TestContext.Current.CancellationToken);
        await connection.Transport.Output.CompleteAsync();
        try
        {
            await new RawPeer(connection).ReadToEndAsync();
        }
        catch (ConnectionResetException exception)
        {
            // Dropped: a defined end.
            Assert.NotEmpty(exception.Message);
        }

        await connection.DisposeAsync();
    }
}
