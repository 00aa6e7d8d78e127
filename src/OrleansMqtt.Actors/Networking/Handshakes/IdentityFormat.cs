using System.Buffers;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>A peer's identity in a handshake: role (1 byte: 1 silo, 2 client), then the silo's address or the client's identifier as text.</summary>
internal static class IdentityFormat
{
    private const byte Silo = 1;
    private const byte Client = 2;

    public static void Write(IBufferWriter<byte> output, PeerIdentity identity)
    {
        output.Write([identity.Silo is null ? Client : Silo]);
        HandshakeFormat.WriteText(output, identity.Silo?.ToParsableString() ?? identity.Client!);
    }

    public static bool TryRead(ref ReadOnlySpan<byte> input, out PeerIdentity? identity)
    {
        identity = null;
        if (input.IsEmpty)
        {
            return false;
        }

        var role = input[0];
        input = input[1..];

        // The text ends up in logs; it must not forge lines there.
        if (!HandshakeFormat.TryReadText(ref input, out var text) || text.Length == 0 || text.Any(char.IsControl))
        {
            return false;
        }

        identity = role switch
        {
            Silo => TryParseSilo(text, out var silo) ? PeerIdentity.OfSilo(silo!) : null,
            Client => PeerIdentity.OfClient(text),
            _ => null,
        };
        return identity is not null;
    }

    public static bool TryParseSilo(string text, out SiloAddress? silo)
    {
        try
        {
            silo = SiloAddress.FromParsableString(text);
            return true;
        }
        catch (FormatException)
        {
            silo = null;
            return false;
        }
    }
}
