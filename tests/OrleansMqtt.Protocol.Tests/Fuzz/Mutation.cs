namespace OrleansMqtt.Protocol.Tests.Fuzz;

/// <summary>Random damage to a packet.</summary>
internal sealed class Mutation(Random random, IReadOnlyList<byte[]> donors)
{
    private static readonly byte[] Telling = [0x00, 0x01, 0x02, 0x7F, 0x80, 0x81, 0xC0, 0xED, 0xFE, 0xFF, (byte)'+', (byte)'#', (byte)'$', (byte)'/'];

    /// <summary>Copies <paramref name="source"/> into <paramref name="target"/> and damages it; returns the length.</summary>
    internal int Apply(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(target);
        var length = source.Length;
        for (var count = random.Next(1, 4); count > 0; count--) length = Damage(target, length);
        // Without this, nearly all damage to the length would end in a wrong announced length, and little would reach the decoders.
        if (length is >= 2 and < 130 && random.Next(4) != 0) target[1] = (byte)(length - 2);
        return length;
    }

    private int Damage(Span<byte> bytes, int length)
    {
        if (length == 0) return Insert(bytes, length);
        var position = random.Next(length);
        switch (random.Next(8))
        {
            case 0:
                bytes[position] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                bytes[position] = (byte)random.Next(256);
                return length;
            case 2:
                bytes[position] = Telling[random.Next(Telling.Length)];
                return length;
            case 3:
                bytes[position] += (byte)(random.Next(2) == 0 ? 1 : 0xFF);
                return length;
            case 4:
                return position;
            case 5:
                bytes[(position + 1)..length].CopyTo(bytes[position..]);
                return length - 1;
            case 6:
                return Insert(bytes, length);
            default:
                return Splice(bytes, position);
        }
    }

    private int Insert(Span<byte> bytes, int length)
    {
        if (length == bytes.Length) return length;
        var position = random.Next(length + 1);
        bytes[position..length].CopyTo(bytes[(position + 1)..]);
        bytes[position] = Telling[random.Next(Telling.Length)];
        return length + 1;
    }

    /// <summary>Goes on with the rest of another packet.</summary>
    private int Splice(Span<byte> bytes, int position)
    {
        var donor = donors[random.Next(donors.Count)];
        var rest = donor.AsSpan(random.Next(donor.Length + 1));
        rest = rest[..Math.Min(rest.Length, bytes.Length - position)];
        rest.CopyTo(bytes[position..]);
        return position + rest.Length;
    }
}
