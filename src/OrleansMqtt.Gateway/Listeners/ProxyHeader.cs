using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>
/// What a load balancer writes before the first byte of a client's connection, to say whose it is: the PROXY protocol, versions 1 and 2
/// (https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt).
/// </summary>
internal static class ProxyHeader
{
    /// <summary>Longest header of version 2 that is accepted, bytes: addresses, and some further fields, which are passed over.</summary>
    public const int MaximumBytes = 4096;

    // With the line's end; section 2.1.
    private const int LongestLine = 107;
    private const int FixedPart = 16;

    private static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    /// <summary>Reads one from a connection. What stands behind it is left there.</summary>
    /// <returns>Where the client is; null where the balancer does not say, or speaks for itself.</returns>
    /// <exception cref="InvalidDataException">It is no header.</exception>
    public static async Task<IPEndPoint?> ReadAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            var (buffer, isThere, client) = (result.Buffer, false, (IPEndPoint?)null);
            try
            {
                isThere = TryTake(ref buffer, out client);
            }
            finally
            {
                // What stands behind it has not been examined: the next read returns it at once.
                input.AdvanceTo(buffer.Start, isThere ? buffer.Start : buffer.End);
            }
            if (isThere) return client;
            if (result.IsCompleted || result.IsCanceled) throw new InvalidDataException("it ended within its PROXY header");
        }
    }

    /// <summary>Takes a header from the start of what a connection has brought.</summary>
    /// <param name="buffer">What is there; what stands behind the header when there is one.</param>
    /// <param name="client">Where the client is; null where the balancer does not say, or speaks for itself.</param>
    /// <returns>True when there is a header, false when more must come first.</returns>
    /// <exception cref="InvalidDataException">It is no header.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, out IPEndPoint? client)
    {
        client = null;
        var reader = new SequenceReader<byte>(buffer);
        Span<byte> bytes = stackalloc byte[Signature.Length];
        bytes = bytes[..(int)Math.Min(bytes.Length, buffer.Length)];
        reader.TryCopyTo(bytes);
        if (Begins(bytes, LineStart)) return bytes.Length >= LineStart.Length && TryTakeLine(ref buffer, out client);
        if (Begins(bytes, Signature)) return bytes.Length == Signature.Length && TryTakeBinary(ref buffer, out client);
        throw new InvalidDataException("there is no PROXY header");
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start) => bytes.Length < start.Length ? start.StartsWith(bytes) : bytes.StartsWith(start);

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, out IPEndPoint? client)
    {
        client = null;
        var reader = new SequenceReader<byte>(buffer.Slice(0, Math.Min(buffer.Length, LongestLine)));
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return buffer.Length < LongestLine ? false : throw new InvalidDataException("the PROXY header has no end");
        client = ClientOf(Encoding.Latin1.GetString(line).Split(' '));
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    // PROXY TCP4 192.0.2.1 198.51.100.2 56324 443
    private static IPEndPoint? ClientOf(string[] words)
    {
        if (words.Length >= 2 && words[1] == "UNKNOWN") return null;
        var family = words.Length == 6 ? words[1] switch { "TCP4" => AddressFamily.InterNetwork, "TCP6" => AddressFamily.InterNetworkV6, _ => AddressFamily.Unspecified } : AddressFamily.Unspecified;
        return family != AddressFamily.Unspecified
            && IPAddress.TryParse(words[2], out var address) && address.AddressFamily == family
            && ushort.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new IPEndPoint(address, port)
            : throw new InvalidDataException("the PROXY header is malformed");
    }

    private static bool TryTakeBinary(ref ReadOnlySequence<byte> buffer, out IPEndPoint? client)
    {
        client = null;
        if (buffer.Length < FixedPart) return false;
        Span<byte> head = stackalloc byte[FixedPart];
        buffer.Slice(0, FixedPart).CopyTo(head);
        var (version, command) = (head[12] >> 4, head[12] & 0x0F);
        if (version != 2 || command > 1) throw new InvalidDataException("the PROXY header has an unknown version or command");
        var length = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        if (FixedPart + length > MaximumBytes) throw new InvalidDataException($"the PROXY header has {FixedPart + length} bytes, more than {MaximumBytes}");
        if (buffer.Length < FixedPart + length) return false;
        // LOCAL: the balancer's own connection, as for its health checks.
        if (command == 1) client = ClientOf(head[13], buffer.Slice(FixedPart, length));
        buffer = buffer.Slice(FixedPart + length);
        return true;
    }

    private static IPEndPoint? ClientOf(byte familyAndTransport, ReadOnlySequence<byte> addresses)
    {
        var size = (familyAndTransport >> 4) switch { 1 => 4, 2 => 16, _ => 0 };
        if (size == 0) return null;
        // Two addresses and two ports.
        if (addresses.Length < (2 * size) + 4) throw new InvalidDataException("the PROXY header is too short for its addresses");
        Span<byte> bytes = stackalloc byte[36];
        bytes = bytes[..((2 * size) + 4)];
        addresses.Slice(0, bytes.Length).CopyTo(bytes);
        return new IPEndPoint(new IPAddress(bytes[..size]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * size)..]));
    }
}
