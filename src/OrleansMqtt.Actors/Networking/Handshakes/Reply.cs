using System.Buffers;
using System.Text;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>
/// The answer to a <see cref="Hello"/>: accepted or not (1 byte: 1 or 0); then either the version to speak (2 bytes) and who answers, or the
/// reason as text. A refusal looks the same in every version.
/// </summary>
/// <param name="Refusal">Why not; null: accepted.</param>
/// <param name="Version">The version to speak.</param>
/// <param name="Self">Who answers; null if refused.</param>
internal sealed record Reply(string? Refusal, ushort Version, PeerIdentity? Self)
{
    private const int MaxReasonLength = 500;

    public static Reply Accept(ushort version, PeerIdentity self) => new(null, version, self);

    public static Reply Refuse(string reason) => new(reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason, 0, null);

    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        if (Refusal is not null)
        {
            output.Write([(byte)0]);
            HandshakeFormat.WriteText(output, Refusal);
        }
        else
        {
            output.Write([(byte)1]);
            HandshakeFormat.WriteNumber(output, Version);
            IdentityFormat.Write(output, Self!);
        }

        return HandshakeFormat.Frame(output.WrittenSpan);
    }

    /// <summary>Reads the message, without its prefix.</summary>
    public static Reply? Parse(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return null;
        }

        var accepted = rest[0];
        rest = rest[1..];
        return accepted switch
        {
            0 when HandshakeFormat.TryReadText(ref rest, out var reason) => Refuse(Printable(reason)),
            1 when HandshakeFormat.TryReadNumber(ref rest, out var version) && IdentityFormat.TryRead(ref rest, out var self) => Accept(version, self!),
            _ => null,
        };
    }

    // The text ends up in the log of the one that was refused; it must not forge lines there.
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text);
        for (var i = 0; i < printable.Length; i++)
        {
            printable[i] = char.IsControl(printable[i]) ? ' ' : printable[i];
        }

        return printable.ToString();
    }
}
